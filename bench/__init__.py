"""How fast the site is, and whether it keeps what it says it has saved. No part of the product."""
