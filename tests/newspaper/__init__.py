"""The sample newspaper, over real HTTP with a clock that is moved by hand."""
