"""Keeping a comparative statement, and computing a kept one again."""

import hashlib
import json

from django.utils.translation import gettext as _

from rfqs import comparison
from rfqs.models import Award, StoredStatement


def written(
    award: Award, inputs: comparison.Inputs, sheet: comparison.ComparisonSheet
) -> StoredStatement:
    """The row that keeps this statement for the award; the caller saves it."""
    texts = _text(comparison.as_stored(inputs)), _text(comparison.as_json(sheet))
    return StoredStatement(award=award, inputs=texts[0], result=texts[1], digest=_digest(*texts))


def problem_of(stored: StoredStatement) -> str:
    """What is wrong with a kept statement: nothing, or a sentence."""
    if stored.digest != _digest(stored.inputs, stored.result):
        return _("The stored text was changed: its digest is another.")
    inputs = comparison.from_stored(json.loads(stored.inputs))
    if _text(comparison.as_json(comparison.build(inputs))) != stored.result:
        return _("Computing it again gives another result.")
    return ""


def _text(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(inputs: str, result: str) -> str:
    return hashlib.sha256(f"{inputs}\n{result}".encode()).hexdigest()
