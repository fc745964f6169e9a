// Debian's libcapnp behind a C header: the oracle of tests and benchmarks.
#ifndef MILLRACE_CAPNPROTO_REFERENCE_H
#define MILLRACE_CAPNPROTO_REFERENCE_H
#endif
