"""The control routes under /local, which the page uses: look, act as a member, order faults. One file a family."""
