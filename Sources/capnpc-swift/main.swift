// Placeholder entry point until the module behind it lands.
print("not built yet")
