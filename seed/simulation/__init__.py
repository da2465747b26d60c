"""A city on a virtual clock: dossiers by the million that obey the same table, guards and clocks as real ones."""
