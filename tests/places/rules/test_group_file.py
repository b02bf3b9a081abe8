import re
from datetime import date

import pytest

from tiddao.places.actions.geography import GROUPS_FILE
from tiddao.places.rules.group_file import GroupFileError, read_groups

WHOLE = """
[[group]]
key = "zone-1"
kind = "zone"
name_th = "โซน"
within = "57"
source = "ข่าว"
members = ["5702 เวียงชัย"]
"""


def test_shipped_groups_are_those_of_the_domain():
    groups = {group.key: group for group in read_groups(GROUPS_FILE.read_text(encoding="utf-8"))}
    inspection = [groups[f"inspection-{number}"] for number in range(1, 19)]
    assert sum(len(group.members) for group in inspection) == 76
    assert len({code for group in inspection for code, _ in group.members}) == 76
    assert [name for _, name in groups["inspection-16"].members] == [
        "แพร่",
        "น่าน",
        "พะเยา",
        "เชียงราย",
    ]
    assert len(groups["region-isan"].members) == 20
    assert "สระแก้ว" in groups["region-isan"].note
    assert "27" not in dict(groups["region-isan"].members)
    zone = groups["zone-57-ing-su-khong"]
    assert dict(zone.members) == {
        "5702": "เวียงชัย", "5703": "เชียงของ", "5704": "เทิง",
        "5712": "พญาเม็งราย", "5713": "เวียงแก่น", "5714": "ขุนตาล",
    }  # fmt: skip
    assert zone.valid_from == date(2022, 11, 22)
    assert all(group.source for group in groups.values())
    assert groups["peer-57-small-districts"].proposed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("kind = ", "kin = "), "unknown key kin"),
        (('source = "ข่าว"', ""), "missing source"),
        (('"zone"', '"circle"'), "kind must be one of"),
        (('["5702 เวียงชัย"]', '["5702"]'), 'written "code name"'),
        (('["5702 เวียงชัย"]', '["5702 เวียงชัย", "5702 เวียงชัย"]'), "listed twice"),
        (("members = ", "proposed = 1\nmembers = "), "proposed must be"),
        (("members = ", 'valid_from = "2022"\nmembers = '), "valid_from must be a date"),
        (("members = ", "name_en = 3\nmembers = "), "name_en must be text"),
        (('members = ["5702 เวียงชัย"]', ""), "either members or rule"),
        (('members = ["5702 เวียงชัย"]', 'rule = { level = "district" }'), "rule needs exactly"),
        (("[[group]]", "[[group"), "not TOML"),
        (("[[group]]", "[[groups]]"), "[[group]] tables"),
    ],
)
def test_read_groups_names_what_is_wrong(change, reason):
    with pytest.raises(GroupFileError, match=re.escape(reason)):
        read_groups(WHOLE.replace(*change))


def test_read_groups_refuses_a_key_twice():
    with pytest.raises(GroupFileError, match="used twice: zone-1"):
        read_groups(WHOLE * 2)
