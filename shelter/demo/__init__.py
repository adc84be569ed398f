"""The demo house: invented people, messy workbooks made from them, and the network that they fill."""
