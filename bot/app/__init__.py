"""Composition: settings → adapters → run. Nothing else imports adapters.

`chats` lists the chats; `stores`, `servers` and `workshop` open what there is beside them;
`program` puts it together; `serving` runs it; `backup` copies what it keeps."""
