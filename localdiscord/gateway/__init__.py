"""Discord's gateway, version 10: JSON frames, plain or as a zlib stream (docs events/gateway)."""
