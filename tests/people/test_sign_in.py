"""Signing in: who gets in, how often one may try, and what stays shut."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.persons import PASSWORD, make_person, signed_in
from tiddao.config import settings as product
from tiddao.ledger.models import Entry
from tiddao.people.models import Role, User
from tiddao.ui.refusals import page_above

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer():
    return make_person(
        Role.DISTRICT_HEAD,
        "CDD-5712",
        username="officer",
        password=PASSWORD,
        name="นางทดลอง เข้าระบบ",
    )


def sign_in(client: Client, username="officer", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": username, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def test_right_password_leads_home(officer, client):
    response = sign_in(client)
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert is_in(client)
    assert "tiddao" not in response.cookies["sessionid"].value
    assert response.cookies["sessionid"]["httponly"]


def test_user_name_is_read_in_any_case(officer, client):
    sign_in(client, "OFFICER")
    assert is_in(client)


def test_wrong_password_and_unknown_name_answer_alike(officer, client):
    wrong = sign_in(client, password="wrong-wrong-wrong")
    unknown = sign_in(client, "nobody")
    assert wrong.status_code == unknown.status_code == 200
    words = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"
    assert words in wrong.text
    assert words in unknown.text
    assert not is_in(client)


def test_failed_attempt_is_logged_without_name_or_password(officer, client, caplog):
    with caplog.at_level(logging.WARNING, "tiddao.people.sign_in"):
        sign_in(client, password="secret-secret")
        sign_in(client, "OFFICER ", password="other-other")
        sign_in(client, "somebody-else")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert not any("officer" in line.lower() or "secret" in line for line in lines)
    marks = [line.rsplit(" ", 1)[-1] for line in lines]
    assert marks[0] == marks[1] != marks[2]


def test_attempts_are_limited_as_the_product_is_set(officer, client, settings):
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    assert "5/5m/key" in product.ACCOUNT_RATE_LIMITS["login_failed"]
    for _ in range(5):
        assert "ไม่ถูกต้อง" in sign_in(client, password="wrong-wrong-wrong").text
    # The sixth is refused even with the right password, and from a fresh browser.
    assert "หลายครั้ง" in sign_in(Client()).text
    assert not is_in(client)


def test_limit_of_one_account_leaves_another_alone(officer, client, settings):
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    make_person(Role.DISTRICT_HEAD, "CDD-5713", username="other", password=PASSWORD)
    for _ in range(6):
        sign_in(client, password="wrong-wrong-wrong")
    other = Client()
    sign_in(other, "other")
    assert is_in(other)


def test_requests_from_one_address_are_limited(client, settings):
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    allowed = int(product.ACCOUNT_RATE_LIMITS["login"].split("/")[0])
    # Incomplete forms count too: they cost the password check nothing, but the server a request.
    answers = [sign_in(client, password="").status_code for _ in range(allowed + 1)]
    assert answers == [200] * allowed + [429]


def test_closed_account_stays_outside(officer, client):
    officer.is_active = False
    officer.save()
    sign_in(client)
    assert not is_in(client)


@pytest.mark.parametrize(("days", "open_"), [(1, True), (0, True), (-1, False)])
def test_account_opens_until_its_last_day(officer, client, days, open_):
    officer.expires_on = timezone.localdate() + timedelta(days=days)
    officer.save()
    response = sign_in(client)
    assert is_in(client) is open_
    if not open_:
        assert response["Location"] == reverse("account_inactive")
        assert "บัญชีนี้ปิดอยู่" in client.get(response["Location"]).text


@pytest.mark.parametrize("change", [{"is_active": False}, {"expires_on": "yesterday"}])
def test_session_ends_with_the_account(officer, change):
    client = signed_in(officer)
    assert is_in(client)
    if "expires_on" in change:
        change = {"expires_on": timezone.localdate() - timedelta(days=1)}
    User.objects.filter(pk=officer.pk).update(**change)
    assert client.get(reverse("home")).status_code == 302
    User.objects.filter(pk=officer.pk).update(is_active=True, expires_on=None)
    assert not is_in(client)  # the session itself is gone


def test_one_time_password_must_be_changed_first(officer, client):
    officer.password_is_temporary = True
    officer.save()
    before = Entry.objects.count()
    sign_in(client)
    for page in ("home", "people", "profile"):
        assert client.get(reverse(page))["Location"] == reverse("account_change_password")
    assert "รหัสผ่านชั่วคราว" in client.get(reverse("account_change_password")).text
    new = "รหัสใหม่-ของฉัน-2569"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert is_in(client)
    officer.refresh_from_db()
    assert officer.check_password(new)
    (entry,) = Entry.objects.order_by("id")[before:]
    assert (entry.act, entry.by) == ("change_password", f"user:{officer.pk}")


def test_password_change_refuses_a_wrong_or_weak_one(officer):
    client = signed_in(officer)
    for old, new in ((PASSWORD, "12345"), ("wrong", "รหัสใหม่-ของฉัน-2569")):
        response = client.post(
            reverse("account_change_password"),
            {"oldpassword": old, "password1": new, "password2": new},
        )
        assert response.status_code == 200
        assert "field-errors" in response.text
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_what_django_says_of_passwords_is_thai(officer):
    response = signed_in(officer).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"},
    )
    for words in ("อย่างน้อย 10 ตัวอักษร", "เป็นตัวเลขทั้งหมด", "ใช้กันทั่วไป"):
        assert words in response.text
    assert "assword" not in response.text.partition("<h1>")[2].replace("password", "")


def test_new_password_ends_other_sessions(officer):
    here, there = signed_in(officer), signed_in(officer)
    new = "รหัสใหม่-ของฉัน-2569"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert not is_in(there)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"],
)
def test_nobody_is_sent_elsewhere(officer, client, elsewhere):
    response = sign_in(client, next=elsewhere)
    assert response["Location"] == reverse("home")
    out = client.post(reverse("account_logout"), {"next": elsewhere})
    assert "evil" not in out["Location"]
    assert "javascript" not in out["Location"]
    language = client.post(reverse("set_language"), {"language": "en", "next": elsewhere})
    assert "evil" not in language.headers.get("Location", "")


def test_sign_in_goes_on_to_the_page_that_was_asked_for(officer, client):
    asked = client.get(reverse("people"))
    assert asked["Location"] == f"{reverse('account_login')}?next={reverse('people')}"
    assert sign_in(client, next=reverse("people"))["Location"] == reverse("people")


@pytest.mark.parametrize(
    "address",
    ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "password/reset/",
     "password/reset/done/", "password/reset/key/1-x/", "login/code/confirm/", "login/code/"],
)  # fmt: skip
def test_pages_of_self_service_do_not_exist(officer, client, address):
    assert client.get(f"/accounts/{address}").status_code == 404
    assert client.post(f"/accounts/{address}").status_code == 404
    assert signed_in(officer).get(f"/accounts/{address}").status_code == 404


def test_forgotten_password_says_whom_to_ask(client):
    assert reverse("forgotten-password") in client.get(reverse("account_login")).text
    assert "สำนักงานพัฒนาชุมชนจังหวัด" in client.get(reverse("forgotten-password")).text


def test_second_step_is_asked_for_once_it_is_on(officer, client):
    sign_in(client)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert "ยืนยันว่าเป็นท่าน" in client.get(asked["Location"]).text
    page = client.post(
        reverse("account_reauthenticate"),
        {"password": PASSWORD, "next": reverse("mfa_activate_totp")},
        follow=True,
    )
    secret = page.context["form"].secret
    assert secret in page.text

    def code() -> str:
        counter = next(iter(totp.yield_hotp_counters_from_time()))
        return totp.format_hotp_value(totp.hotp_value(secret, counter))

    done = client.post(reverse("mfa_activate_totp"), {"code": code()})
    assert done.status_code == 302
    codes = client.get(reverse("mfa_view_recovery_codes"))
    recovery = codes.context["unused_codes"][0]
    assert recovery in codes.text
    client.post(reverse("account_logout"))

    fresh = Client()
    response = sign_in(fresh)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(fresh)  # the password alone is not enough
    assert "ไม่ถูกต้อง" in fresh.post(reverse("mfa_authenticate"), {"code": "000000"}).text
    fresh.post(reverse("mfa_authenticate"), {"code": recovery})
    assert is_in(fresh)
    again = Client()
    sign_in(again)
    again.post(reverse("mfa_authenticate"), {"code": recovery})
    assert not is_in(again)  # each works once
    page = fresh.get(reverse("mfa_index")).text
    assert "แอปยืนยันตัวตน" in page


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_logout", "account_change_password", "account_inactive", "mfa_index",
     "mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate", "profile", "home"],
)  # fmt: skip
def test_pages_stand_in_the_house_frame_in_thai(officer, client, name):
    if name != "account_login":
        sign_in(client)
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert '<html lang="th"' in response.text
    assert 'id="main"' in response.text
    for english in ("Sign In", "Sign Out", "Password:", "Two-Factor", "Menu:"):
        assert english not in response.text


def test_browser_set_up_in_english_is_still_answered_in_thai(client):
    page = client.get(reverse("account_login"), headers={"accept-language": "en-US,en;q=0.9"})
    assert '<html lang="th"' in page.text


def test_language_switch_keeps_the_page(officer):
    client = signed_in(officer)
    here = reverse("people") + "?q=x"
    response = client.post(reverse("set_language"), {"language": "en", "next": here})
    assert response["Location"] == here
    assert '<html lang="en"' in client.get(here).text


def test_language_of_the_person_holds_in_a_new_browser(officer):
    officer.language = "en"
    officer.save()
    assert '<html lang="en"' in signed_in(officer).get(reverse("home")).text


@pytest.mark.parametrize("name", ["account_login", "home", "people", "profile"])
def test_policy_against_foreign_scripts_is_sent(officer, client, name):
    response = (client if name == "account_login" else signed_in(officer)).get(reverse(name))
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert " style=" not in response.text
    assert "<script>" not in response.text
    assert " onclick=" not in response.text


def test_sending_after_the_session_ended_says_so_and_leads_back_to_the_form(officer, client):
    page = reverse("letter-new")
    answer = client.post(
        reverse("letter-new"),
        {"text": "x"},
        headers={"referer": f"http://testserver{page}?kind=memo"},
    )
    assert answer["Location"] == f"{reverse('account_login')}?next={page}%3Fkind%3Dmemo"
    assert "หมดเวลาเข้าสู่ระบบก่อนที่จะส่ง" in client.get(answer["Location"]).text


@pytest.mark.parametrize("referer", ["https://elsewhere.example/letters/new/", ""])
def test_a_page_of_others_is_never_led_back_to(client, referer):
    answer = client.post(reverse("letter-new"), headers={"referer": referer})
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('letter-new')}"


def test_a_fragment_asked_for_after_the_session_ended_gets_no_page(client):
    answer = client.get(reverse("home"), headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_stale_form_is_answered_in_our_words_with_the_way_back(officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    page = reverse("letter-new")
    answer = strict.post(page, {"text": "x"}, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 403
    assert "ไม่ได้บันทึกรายการนี้" in answer.text
    assert f'href="{page}"' in answer.text
    assert "verification failed" not in answer.text


def test_address_that_only_takes_forms_leads_to_the_page_above(officer, client):
    client.force_login(officer)
    answer = client.get(reverse("report-issue", args=["5712"]))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert 'href="../"' in answer.text
    assert page_above("/reports/1/2/3/") == "../../"
    assert page_above("/nothing/") is None
