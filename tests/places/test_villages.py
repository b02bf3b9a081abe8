import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from tests.places.conftest import AT, BY, make_village
from tiddao.ledger.models import Entry
from tiddao.places.actions.villages import (
    ImportRefused,
    accept_village_import,
    import_villages,
    receive_village_file,
    refuse_village_import,
    sweep_village_imports,
)
from tiddao.places.models import Place, VillageImport
from tiddao.places.rules.village_file import VillageFileError

pytestmark = pytest.mark.django_db

HEAD = "รหัสหมู่บ้าน,ชื่อหมู่บ้าน,หมู่ที่\n"
TWO = HEAD + "57120306,บ้านไม้ยา,6\n57120314,บ้านห้วยก้างปูล้าน,14\n"


def take_in(text, **kwargs):
    return import_villages(
        io.BytesIO(text.encode()), at=AT, by=BY, reference="file:test.csv", **kwargs
    )


def villages():
    return dict(Place.objects.filter(level="village").values_list("code", "name_th"))


def hand_in(text, within="57"):
    return receive_village_file(
        ContentFile(text.encode(), "list.csv"), file_name="list.csv", within=within, by=BY, at=AT
    )


def state(row):
    row.refresh_from_db()
    return row.state


def test_import_villages_writes_all_with_one_entry():
    report = take_in(TWO)
    assert (report.rows, report.new, report.written) == (2, 2, True)
    village = Place.objects.get(code="57120314")
    assert (village.parent_id, village.moo, village.level) == ("571203", 14, "village")
    assert village.folded == "ห้วยก้างปูล้าน"
    assert Entry.objects.filter(act="import_villages").count() == 1


def test_import_villages_writes_nothing_in_a_dry_run():
    assert take_in(TWO, dry_run=True).new == 2
    assert villages() == {}
    assert not Entry.objects.filter(act="import_villages").exists()


def test_import_villages_writes_nothing_with_one_fault():
    report = take_in(TWO + "57120315,,15\n")
    assert (report.fault_count, report.written) == (1, False)
    assert report.faults[0].cell == "B4"
    assert villages() == {}


def test_import_villages_again_writes_changed_rows_alone_with_history():
    take_in(TWO)
    event = Place.pgh_event_model
    before = event.objects.count()
    report = take_in(TWO.replace("บ้านไม้ยา", "บ้านไม้ยาใหม่"))
    assert (report.new, report.renamed, report.unchanged) == (0, 1, 1)
    assert event.objects.count() == before + 1
    names = (
        event.objects.filter(code="57120306").order_by("pgh_id").values_list("name_th", flat=True)
    )
    assert list(names) == ["บ้านไม้ยา", "บ้านไม้ยาใหม่"]
    entries = Entry.objects.filter(act="import_villages").count()
    take_in(TWO.replace("บ้านไม้ยา", "บ้านไม้ยาใหม่"))
    assert Entry.objects.filter(act="import_villages").count() == entries


def test_import_villages_leaves_what_the_file_does_not_name():
    make_village("57120301", "บ้านเดิม")
    make_village("57040101", "บ้านตำบลอื่น")
    report = take_in(TWO)
    assert report.not_in_file == 1
    assert len(villages()) == 4


def test_import_villages_counts_shared_names_and_lists_the_first_faults():
    assert take_in(HEAD + "57120301,บ้านก,1\n57120302,บ้านก,2\n", dry_run=True).same_name == 1
    report = take_in(HEAD + "".join(f"x{n},ก,1\n" for n in range(600)))
    assert (report.fault_count, len(report.faults)) == (600, 500)


def test_import_villages_refuses_an_empty_list():
    assert take_in(HEAD).refusal
    assert take_in("nothing\n").refusal


def test_import_villages_costs_the_same_queries_for_one_and_three(django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in (1, 3):
        Place.objects.filter(level="village").delete()
        text = HEAD + "".join(f"571203{n:02d},บ้าน{n},{n}\n" for n in range(1, rows + 1))
        with CaptureQueriesContext(connection) as queries:
            take_in(text)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_list_is_read_then_accepted_then_written():
    row = hand_in(TWO)
    assert row.state == "waiting"
    assert row.file.name.endswith(".csv")
    assert "list" not in row.file.name
    assert sweep_village_imports(at=AT) == 1
    assert state(row) == "read"
    assert row.report["new"] == 2
    assert villages() == {}
    accept_village_import(row.pk, by=BY, at=AT)
    assert sweep_village_imports(at=AT) == 1
    assert state(row) == "accepted"
    assert len(villages()) == 2
    assert sweep_village_imports(at=AT) == 0


def test_a_list_with_faults_or_of_another_province_is_refused():
    row = hand_in(HEAD + "50010101,บ้านก,1\n")
    sweep_village_imports(at=AT)
    assert state(row) == "refused"
    assert row.report["faults"][0]["code"] in {"outside", "no_tambon"}
    with pytest.raises(ImportRefused):
        accept_village_import(row.pk, by=BY, at=AT)


def test_a_list_cannot_be_accepted_twice_nor_put_aside_afterwards():
    row = hand_in(TWO)
    with pytest.raises(ImportRefused):
        accept_village_import(row.pk, by=BY, at=AT)
    sweep_village_imports(at=AT)
    accept_village_import(row.pk, by=BY, at=AT)
    with pytest.raises(ImportRefused):
        accept_village_import(row.pk, by=BY, at=AT)
    with pytest.raises(ImportRefused):
        refuse_village_import(row.pk, by=BY, at=AT)


@pytest.mark.parametrize(("left_in", "after"), [("reading", "read"), ("accepting", "accepted")])
def test_what_a_killed_worker_left_is_begun_again(left_in, after):
    row = hand_in(TWO)
    VillageImport.objects.filter(pk=row.pk).update(state=left_in, progress=40)
    assert sweep_village_imports(at=AT) == 1
    assert state(row) == after


def test_receive_village_file_refuses_by_content_whatever_the_name():
    with pytest.raises(VillageFileError):
        receive_village_file(
            ContentFile(b"%PDF-1.7 hello", "list.csv"),
            file_name="list.csv",
            within="57",
            by=BY,
            at=AT,
        )
    assert not VillageImport.objects.exists()


def test_command_reports_as_json_and_fails_on_faults(tmp_path, capsys):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(TWO, encoding="utf-8")
    bad.write_text(HEAD + "1,ก,1\n", encoding="utf-8")
    call_command("import_villages", str(good), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["new"] == 2
    with pytest.raises(CommandError, match="1 faults; nothing was written"):
        call_command("import_villages", str(bad))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_villages", str(tmp_path / "none.csv"))
    assert villages() == {}
