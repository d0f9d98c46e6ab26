"""Questions, metrics and measured runs. Import from its modules: ``import eval`` would hide the builtin."""
