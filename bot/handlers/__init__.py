"""What a listener can do, a file for each concern. `bot.conversation` is the door."""
