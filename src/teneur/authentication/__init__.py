"""How a user proves who he is and what he agrees to: card reader, SMS, app key."""
