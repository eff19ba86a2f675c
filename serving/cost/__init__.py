"""What an operation will cost in vendor calls at the most: computed before it runs, limited, told, explained."""

from serving.cost.analysis import analysed
from serving.cost.plan import Plan, Step
from serving.cost.rule import CallLimits, CostRule

__all__ = ["CallLimits", "CostRule", "Plan", "Step", "analysed"]
