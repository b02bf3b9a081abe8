"""Accounts and the posts their people hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.collation import thai_key
from tiddao.kernel.names import fold_person
from tiddao.places.models import Office, PlaceGroup


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account. What it may do comes from posts alone; there is no superuser."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name_th = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, db_index=True, default="")  # kernel.names.fold_person
    sort_key = models.CharField(max_length=600, db_collation="C", db_index=True, default="")
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    expires_on = models.DateField(null=True)  # อสพ. hold contracts of one fiscal year
    language = models.CharField(max_length=2, blank=True)
    font = models.CharField(max_length=12, blank=True)  # "" = Sarabun, "looped" = Noto Looped
    password_is_temporary = models.BooleanField(default=False)  # to be changed at the next sign-in
    created_at = models.DateTimeField()

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name_th"]

    def __str__(self) -> str:
        return self.name_th

    def get_full_name(self) -> str:
        return self.name_th

    def may_sign_in(self, *, on: date) -> bool:
        """Say whether the account is open on the day; its last day is still one of them."""
        return self.is_active and (self.expires_on is None or on <= self.expires_on)

    def save(self, *args: Any, **options: Any) -> None:
        self.folded = fold_person(self.name_th)
        self.sort_key = thai_key(self.folded)
        super().save(*args, **options)


@pghistory.track()
class Alias(models.Model):
    """Another spelling of a person's name; never two people by spelling."""

    user = models.ForeignKey(User, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.folded = fold_person(self.name)
        super().save(*args, **options)


class Role(models.TextChoices):
    """What a post is for. What each may do: ``people/rules/matrix.py``."""

    TAMBON_OFFICER = "tambon_officer", _("Community development officer")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    DISTRICT_HEAD = "district_head", _("District head")
    ZONE_OFFICER = "zone_officer", _("Zone officer")
    GROUP_DIRECTOR = "group_director", _("Group director")
    PROVINCIAL_HEAD = "provincial_head", _("Provincial head")
    INSPECTOR = "inspector", _("Department inspector")
    EXECUTIVE = "executive", _("Department executive")
    ADMINISTRATOR = "administrator", _("System administrator")
    AUDITOR = "auditor", _("Auditor")


class Tenure(models.TextChoices):
    SUBSTANTIVE = "substantive", _("Substantive")
    ACTING = "acting", _("Acting")  # รักษาราชการแทน
    DELEGATED = "delegated", _("Delegated")  # ปฏิบัติราชการแทน


@pghistory.track()
class Post(models.Model):
    """A role at an office from a day to a day (inclusive). It sees the office's place and all below
    it; with a group, it sees the group's places and what is below them instead.

    title_th: the title of that time (หัวหน้ากลุ่มงาน in 2562, ผู้อำนวยการกลุ่มงาน in 2565).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    group = models.ForeignKey(PlaceGroup, models.PROTECT, null=True, related_name="+")
    tenure = models.CharField(max_length=12, choices=Tenure, default=Tenure.SUBSTANTIVE)
    title_th = models.CharField(max_length=200, blank=True)
    held_from = models.DateField()
    held_to = models.DateField(null=True)
    order_ref = models.CharField(max_length=120, blank=True)  # คำสั่งแต่งตั้ง เลขที่
    in_place_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["office", "role", "held_from"])]
        constraints = [
            models.CheckConstraint(
                name="post_ends_not_before_it_begins",
                condition=Q(held_to__isnull=True) | Q(held_to__gte=F("held_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.office_id}"

    @property
    def title(self) -> str:
        """As papers name it: the title of that time, else the role's; Thai in whatever language the
        page is read, since attendance lists, letters and forms keep it.
        """
        if self.title_th:
            return self.title_th
        with translation.override("th"):
            return str(self.get_role_display())
