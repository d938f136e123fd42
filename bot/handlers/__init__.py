"""What a listener can do, a room for each concern. `bot.conversation` is the door."""
