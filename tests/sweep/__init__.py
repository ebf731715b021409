"""Our own rules over every tracked file, where no general tool knows them."""
