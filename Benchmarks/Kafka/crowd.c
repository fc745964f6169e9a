// A log of very many sites and clients, for the memory of Benchmarks/line: vhost-combined, an hour long, in order of time.
//
//   crowd LINES ZONES CLIENTS > LOG
//
// A site is asked 25 times in a row, each time by the next client, so that all of both are met as soon as can be.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int count, char **words) {
  if (count != 4) return fprintf(stderr, "usage: crowd LINES ZONES CLIENTS\n"), 2;
  unsigned long lines = strtoul(words[1], 0, 10), zones = strtoul(words[2], 0, 10), clients = strtoul(words[3], 0, 10);
  if (!lines || !zones || !clients) return fprintf(stderr, "crowd: numbers from 1\n"), 2;
  static char buffer[1 << 20];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  time_t last = 0;
  char stamp[40] = "";
  for (unsigned long i = 0; i < lines; i++) {
    time_t now = 1748822400 + (time_t)(i * 3600 / lines);
    if (now != last) strftime(stamp, sizeof stamp, "%d/%b/%Y:%H:%M:%S +0000", gmtime(&now)), last = now;
    // Scattered, so that networks are as many as they are on the internet.
    unsigned client = (unsigned)(i % clients) * 2654435761u;
    printf("site-%lu.example %u.%u.%u.%u - - [%s] \"GET /page/%lu HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0\"\n",
           i / 25 % zones, 1 + (client >> 24) % 223, client >> 16 & 255, client >> 8 & 255, client & 255, stamp, i % 40);
  }
  return ferror(stdout) ? 1 : 0;
}
