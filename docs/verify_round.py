"""Computes an award round again from its snapshot alone: digest, points, scores, ranks, winners.

    python3 verify_round.py snapshot.json

The file is what GET /api/v1/award-rounds/{id}/snapshot/ answers. Standard library only, Python 3.11 or later, and
written apart from the product: rules are in docs/algorithms/award-methods.md and award-scoring.md. Ends with 0 where
everything is as the file says, else tells every difference and ends with 1.
"""

import json
import sys
from fractions import Fraction
from hashlib import sha256
from math import floor
from pathlib import Path

F = Fraction
FULL = F(100)


def digest_of(content):
    whole = {name: value for name, value in content.items() if name != "digest"}
    return sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def number(told, default=None):
    return default if told in (None, "") else F(told)


def half_up(value, places):
    """As text, with so many places."""
    whole = floor(abs(value) * 10**places + F(1, 2))
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def place_of(figure, figures, sign):
    return 1 + sum(sign * other > sign * figure for other in figures)


def share_of(criterion, figure, figures):
    """The share of full points in percent; `figures` are those of all units that have one."""
    given, sign = criterion["parameters"], -1 if criterion["is_lower_better"] else 1
    if figure is None:
        return F(0)

    def told(name, default=None):
        return number(given.get(name), default)

    def capped(more):
        bonus, penalty = told("bonus_cap"), told("penalty_cap")
        more = more if bonus is None else min(more, bonus)
        return FULL + (more if penalty is None else max(more, -penalty))

    if criterion["method"] == "target":
        share = FULL if sign * figure >= sign * told("target", FULL) else F(0)
    elif criterion["method"] == "linear":
        share = capped(told("step_per_point", F(1)) * sign * (figure - told("full_at", FULL)))
    elif criterion["method"] == "banded":
        bands = sign * (figure - told("plan", FULL)) / told("band")
        share = capped(told("points") * (floor(bands) if bands >= 0 else -floor(-bands)))
    elif criterion["method"] == "rank_step":
        below = told("step", F(5)) * (place_of(figure, figures, sign) - 1)
        share = max(told("first", FULL) - below, told("floor", F(0)))
    elif criterion["method"] == "efficacy":
        low, high = min(figures), max(figures)
        share = FULL if low == high else 60 + 40 * abs(figure - (low if sign > 0 else high)) / (high - low)
    else:
        raise ValueError(f"method {criterion['method']!r} is not known here")
    return max(share, F(0))


def asked_gates(gates):
    """In their order, each after the one it stands behind."""
    waiting, asked, known = sorted(gates, key=lambda one: one["order"]), [], {one["order"] for one in gates}
    while waiting:
        done = {one["order"] for one in asked}
        ready = [one for one in waiting if one["behind"] not in known or one["behind"] in done]
        if not ready:
            raise ValueError("the gates stand in a circle")
        asked.append(ready[0])
        waiting.remove(ready[0])
    return asked


def computed(scheme, units):
    """By unit the sum with its steps, before ranks."""
    figures = {unit["unit"]: {one["criterion"]: number(one["figure"]) for one in unit["figures"]} for unit in units}
    found = {}
    for unit in units:
        own, lines, shares = figures[unit["unit"]], [], {}
        for criterion in scheme["criteria"]:
            order, sign = criterion["order"], -1 if criterion["is_lower_better"] else 1
            field = [one[order] for one in figures.values() if one.get(order) is not None]
            figure = own.get(order)
            shares[order] = share_of(criterion, figure, field)
            lines.append(
                {
                    "criterion": order,
                    "share": str(shares[order]),
                    "points": str(F(criterion["weight"]) * shares[order] / FULL),
                    "place": None if figure is None else place_of(figure, field, sign),
                }
            )
        added = {
            kind: sum((F(one["points"]) for one in unit["adjustments"] if one["kind"] == kind), F(0))
            for kind in ("bonus", "penalty")
        }
        for kind in added:
            cap = number(scheme[f"{kind}_cap"])
            added[kind] = added[kind] if cap is None else min(added[kind], cap)
        exact = max(sum((F(one["points"]) for one in lines), F(0)) + added["bonus"] - added["penalty"], F(0))
        failed = [
            one["order"]
            for one in asked_gates(scheme["gates"])
            if own.get(one["criterion"]) is None or shares[one["criterion"]] < F(one["minimum"])
        ]
        breakers = sorted(
            (one for one in scheme["criteria"] if one["tie_order"] is not None), key=lambda one: one["tie_order"]
        )
        found[unit["unit"]] = {
            "lines": lines,
            "bonus": str(added["bonus"]),
            "penalty": str(added["penalty"]),
            "exact": str(exact),
            "score": half_up(exact, scheme["decimals"]),
            "failed_gate": failed[0] if failed else None,
            "is_vetoed": any(one["kind"] == "veto" for one in unit["adjustments"]),
            "ties": [shares[one["order"]] for one in breakers] if scheme["tie_rule"] == "criteria" else [],
        }
    return found


def ranked(scheme, results):
    """Ranks and winners from the rounded scores."""
    keys = {
        code: (F(one["score"]), *one["ties"])
        for code, one in results.items()
        if not one["is_vetoed"] and one["failed_gate"] is None
    }
    for code, one in results.items():
        one["rank"] = 1 + sum(other > keys[code] for other in keys.values()) if code in keys else None
        is_high = F(one["score"]) >= F(scheme["minimum_score"])
        one["is_winner"] = one["rank"] is not None and one["rank"] <= scheme["flags"] and is_high
    return results


def decided(scheme, units, results):
    """What stands once an administrator's decisions are put in."""
    decisions = {unit["unit"]: unit["decision"] for unit in units if unit["decision"] is not None}
    final = {code: dict(one) for code, one in results.items()}
    for code, one in decisions.items():
        if one["score"] is not None:
            final[code]["score"] = half_up(F(one["score"]), scheme["decimals"])
    ranked(scheme, final)
    for code, one in decisions.items():
        if one["is_winner"] is not None:
            final[code]["is_winner"] = one["is_winner"] and not final[code]["is_vetoed"]
    return final


def differences(content):
    """Every place where the file tells something else than follows from its own inputs."""
    if digest_of(content) != content["digest"]:
        yield f"digest: {digest_of(content)}, but the file says {content['digest']}"
    if (content["format"], content["formula"]) != (1, "1"):
        raise ValueError(f"format {content['format']!r}, formula {content['formula']!r} are not known here")
    scheme, units = content["scheme"], content["units"]
    results = ranked(scheme, computed(scheme, units))
    final = decided(scheme, units, results)
    for unit in units:
        for part, again in (("computed", results[unit["unit"]]), ("final", final[unit["unit"]])):
            for name, told in unit[part].items():
                if told != again[name]:
                    yield f"{unit['unit']}: {part} {name} is {told!r}, computed again it is {again[name]!r}"
    winners = sorted(code for code, one in final.items() if one["is_winner"])
    if sorted(content["winners"]) != winners:
        yield f"winners: {content['winners']!r}, computed again they are {winners!r}"


def main(path):
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    found = list(differences(content))
    for one in found:
        print(one)
    if not found:
        print(
            f"{content['digest']}: digest, scores, ranks and winners ({', '.join(content['winners']) or 'nobody'}) hold"
        )
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 verify_round.py snapshot.json")
    try:
        sys.exit(main(sys.argv[1]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.exit(f"{sys.argv[1]} is not a snapshot: {type(error).__name__}: {error}")
