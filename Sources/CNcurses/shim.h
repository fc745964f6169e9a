// The same feature macros as Swift's own Glibc: see CEvent.
#include <features.h>

#define NCURSES_WIDECHAR 1
// Clashes with Swift's own keywords otherwise.
#define NCURSES_ENABLE_STDBOOL_H 1
#include <curses.h>
#include <locale.h>
