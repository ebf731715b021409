"""The tasks of a day by name, in French and English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.kernel.money import Language

_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "overdrafts ended": ("Découverts terminés", "Overdrafts ended"),
        "overdrafts reviewed": ("Découverts revus", "Overdrafts reviewed"),
        "quarters closed": ("Arrêtés de compte", "Quarters closed"),
        "interest corrected": ("Intérêts corrigés", "Interest corrected"),
        "rates told": ("Taux de référence annoncés", "Reference rates told"),
        "amendments applied": ("Modifications appliquées", "Changes applied"),
        "amendments told": ("Modifications annoncées", "Changes announced"),
        "tariffs held": ("Tarifs maintenus", "Tariffs held"),
        "fees-announced": ("Frais annoncés", "Fees announced"),
        "fees-for-periods": ("Cotisations dues", "Periodic fees due"),
        "fees-collected": ("Frais prélevés", "Fees taken"),
        "fee-summaries": ("Récapitulatifs de frais", "Fee summaries"),
        "notices-sent": ("Avis envoyés", "Notices sent"),
        "notices": ("Envoi des avis", "Sending notices"),
        "orders": ("Virements à échéance", "Due transfers"),
        "holds": ("Sommes à libérer", "Holds to release"),
        "statements": ("Relevés", "Statements"),
    }
)


def task_name(task: str, language: Language) -> str:
    """A task as people call it; its code where it has no name."""
    return _NAMES.get(task, (task, task))[1 if language is Language.ENGLISH else 0]
