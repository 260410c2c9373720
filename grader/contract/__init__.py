"""The contract: what a plugin must prove before learners see it. Each broken clause is named, with the mend.

Stubs are unattempted and up to date; references agree, pass, obey their own rules and repeat themselves; backwards
agree with autograd; alternatives pass; every mistake is caught and named, no two alike; every edge case is failed by
some mistake; hints and advice exist; nothing takes too long.
"""

from __future__ import annotations

from grader.contract.clauses import Broken, Caught, Contract
from grader.contract.run import contract

__all__ = ["Broken", "Caught", "Contract", "contract"]
