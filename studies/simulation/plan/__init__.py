"""An experiment's plan: checks, costs, budgets, the runs it consists of."""
