// libevent's configuration defines _GNU_SOURCE, and with it some types of glibc look other than in Swift's own Glibc:
// two definitions of one type are an error. What glibc shows is decided here, before.
#include <features.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <event2/thread.h>
