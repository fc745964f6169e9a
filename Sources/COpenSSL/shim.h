// OpenSSL as a server of TLS needs it, and libevent's sockets over it. Its macros do not reach Swift: they are functions
// here. What glibc shows is decided before, as in CEvent.
#include <features.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

static inline int openssl_set_minimum_tls12(SSL_CTX *context) {
  return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static inline const char *openssl_last_error(char *text, size_t size) {
  ERR_error_string_n(ERR_get_error(), text, size);
  return text;
}
