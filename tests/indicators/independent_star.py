"""Recompute a star from the JSON of `tiddao explain … --json` (stdin) alone; print it as JSON."""

import json
import sys
from fractions import Fraction


def rounded(number, places=4):  # half up, ties away from zero
    size = Fraction(int(abs(number) * 10**places + Fraction(1, 2)), 10**places)
    return size if number >= 0 else -size


def mean(pairs):
    return rounded(sum(w * x for w, x in pairs) / sum(w for w, _ in pairs)) if pairs else None


def level(one, rules):
    parts, points = one["parts"], one["ladder"] is None
    worth = [Fraction(each) for each in (rules["breakpoints"] if points else "12345")]
    steps = [Fraction(each) for each in (one["breakpoints"] if points else one["ladder"])]
    value = Fraction(parts["numerator"]) * Fraction(one["factor"])
    value = rounded(value / Fraction(parts["denominator"] or 1), 6)
    if steps[-1] < steps[0]:  # lower is better
        value, steps = -value, [-each for each in steps]
    k = sum(each <= value for each in steps) - 1
    if k < 0 or (value == steps[0] and not points):
        got = Fraction(0 if points else 1)
    else:
        got = worth[k]
        if k + 1 < len(steps):
            got += (worth[k + 1] - got) * (value - steps[k]) / (steps[k + 1] - steps[k])
    lost = one["missed"] * Fraction(rules["penalty_per_missed_report"])
    return rounded(max(rounded(got) - lost, 0))


def stars(score, rules):
    share = score * 100 / Fraction(rules["full_marks"])
    return max([int(n) for n, cut in rules["cutoffs"].items() if share >= Fraction(cut)] or [1])


tree = (told := json.load(sys.stdin)).get("explanation", told)
rules, levels, scores, dimension_stars = tree["star_rules"], {}, {}, {}
for dim in tree["dimensions"]:
    ours = [one for one in dim["indicators"] if one["status"] != "not_applicable"]
    levels |= {i["code"]: level(i, rules) for i in ours if i["status"] != "missing"}
    scored = [(Fraction(i["weight"]), levels[i["code"]]) for i in ours if i["code"] in levels]
    told = [(Fraction(i["weight"]), i["parts"]) for i in ours]
    full = mean([(w, Fraction(100 * p["reported"], p["expected"])) for w, p in told])
    scores[dim["code"]] = (Fraction(dim["weight"]), mean(scored))
    if ours:
        enough = scored and full >= Fraction(rules["min_completeness"])
        dimension_stars[dim["code"]] = stars(mean(scored), rules) if enough else None
score = mean([pair for pair in scores.values() if pair[1] is not None])
low, star = [*dimension_stars.values()], None
if low and None not in low:
    margin = 5 if rules["balance_margin"] is None else rules["balance_margin"]
    star = min(stars(score, rules), min(low) + margin)
answer = {"levels": levels, "scores": {code: pair[1] for code, pair in scores.items()}}
answer |= {"dimension_stars": dimension_stars, "score": score, "stars": star}
json.dump(answer, sys.stdout, default=lambda number: f"{float(number):.4f}")
