"""Where rules stand on other pages, and what they hear of."""

from importlib import import_module

for _part in ("checks", "judge_of_cases", "screening"):
    import_module(f"services.assistance.policy.{_part}")
