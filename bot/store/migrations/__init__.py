"""How the tables came to be, a file a step. docs/store.md says how to add one."""
