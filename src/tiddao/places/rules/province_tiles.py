"""The 77 provinces as equal tiles that lie roughly as the provinces do, for maps without outlines.

The grid was made from the middles of the provinces by the assignment of least total distance, so
that no tile stands far from where its province lies.
"""

from __future__ import annotations

_GRID = """
··  ··  57  56  ··  ··  ··  ··  ··  ··
58  50  52  54  55  ··  ··  ··  38  ··
··  51  ··  ··  53  42  43  41  48  ··
··  63  64  ··  65  ··  39  46  47  49
··  ··  62  66  67  36  40  44  45  37
··  61  18  60  17  16  ··  ··  35  34
··  ··  72  15  14  19  30  31  32  33
··  71  73  12  13  26  25  ··  ··  ··
··  70  75  10  11  24  27  ··  ··  ··
··  ··  76  74  20  21  22  ··  ··  ··
··  86  77  ··  ··  ··  23  ··  ··  ··
85  84  ··  ··  ··  ··  ··  ··  ··  ··
82  81  80  ··  ··  ··  ··  ··  ··  ··
83  ··  92  93  90  94  ··  ··  ··  ··
··  ··  ··  91  95  96  ··  ··  ··  ··
"""


def province_tiles() -> dict[str, tuple[int, int]]:
    """Return (row, column) of every province's tile, both from 0, by province code.

    Source: this module's grid, made from outlines of the 77 provinces.
    """
    return {
        code: (row, column)
        for row, line in enumerate(_GRID.split("\n")[1:-1])
        for column, code in enumerate(line.split())
        if code.isdigit()
    }
