"""The steps, append-only: a released one never changes. They use no code of ours, which may change under them."""
