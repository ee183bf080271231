"""What can be done on the local Discord, one file for each noun.

Members (through the control routes), the bot (through REST) and webhooks all act here, so that the same rules hold
for all. An act checks, changes the world and tells the hub, without awaiting: it happens whole or not at all.
Refusals are ``errors.ApiError``.
"""
