"""`/metrics`: what this server counts of operations and vendor calls, for Prometheus."""

from serving.metrics.meters import Meters
from serving.metrics.together import counting_together, forget
from serving.metrics.view import metrics

__all__ = ["Meters", "counting_together", "forget", "metrics"]
