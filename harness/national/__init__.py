"""A day of a whole country in simulated time: network after network, whatever the machine's memory."""
