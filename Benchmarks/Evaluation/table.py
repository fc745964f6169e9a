"""Figures and the rows of a Markdown table."""

import math


class Figures:
    """Counts of a detector on a labelled set."""

    def __init__(self, labels, flagged):
        pairs = list(zip(labels, flagged))
        self.attacks = sum(1 for label, _ in pairs if label)
        self.normal = len(pairs) - self.attacks
        hits = sum(1 for label, hit in pairs if label and hit)
        false = sum(1 for label, hit in pairs if not label and hit)
        self.recall = hits / self.attacks if self.attacks else math.nan
        self.false_rate = false / self.normal if self.normal else math.nan
        self.precision = hits / (hits + false) if hits + false else math.nan
        self.balanced = (self.recall + 1 - self.false_rate) / 2

    def cells(self):
        return [self.attacks, self.normal, self.recall, self.false_rate, self.precision, self.balanced]


def cell(value):
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.4f}"
    return str(value)


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows])
