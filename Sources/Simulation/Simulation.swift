// Simulation: seeded traffic of a realistic site with attacks mixed in, and the truth beside it.
