// The same feature macros as Swift's own Glibc: see CEvent.
#include <features.h>

#include <maxminddb.h>
