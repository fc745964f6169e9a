// What librdkafka does alone: the yardstick of Benchmarks/line. No parsing, no transactions, no threads of its own.
//
//   raw produce BOOTSTRAP TOPIC FILE    whole lines of a file in records of 256 KiB, to all partitions in turn
//   raw consume BOOTSTRAP TOPIC         every partition from its beginning to the end it has now; touches no byte
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 256 << 10 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, "raw: %s: %s\n", what, why);
  exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char error[512];
  if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) fail(name, error);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  char error[512];
  rd_kafka_t *rk = rd_kafka_new(type, conf, error, sizeof error);
  if (!rk) fail("librdkafka", error);
  return rk;
}

static int partitions(rd_kafka_t *rk, rd_kafka_topic_t *topic) {
  const struct rd_kafka_metadata *metadata;
  rd_kafka_resp_err_t error = rd_kafka_metadata(rk, 0, topic, &metadata, 10000);
  if (error) fail("metadata", rd_kafka_err2str(error));
  int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  if (count < 1) fail("metadata", "no such topic");
  return count;
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
  (void)rk, (void)opaque;
  if (message->err) fail("delivery", rd_kafka_err2str(message->err));
}

static void produce(const char *bootstrap, const char *name, const char *path) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap);
  set(conf, "compression.type", "lz4");
  set(conf, "acks", "all");
  set(conf, "linger.ms", "5");
  set(conf, "message.max.bytes", "8000000");
  set(conf, "queue.buffering.max.kbytes", "65536");
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, name, NULL);
  int count = partitions(rk, topic), next = 0;
  FILE *file = fopen(path, "r");
  if (!file) fail(path, "cannot be opened");
  setvbuf(file, NULL, _IONBF, 0);
  static char buffer[RECORD];
  size_t have = 0;
  for (;;) {
    size_t got = fread(buffer + have, 1, RECORD - have, file);
    have += got;
    if (!have) break;
    size_t whole = have;
    if (got) {
      char *last = memrchr(buffer, '\n', have);
      if (last) whole = (size_t)(last - buffer) + 1;
    }
    while (rd_kafka_produce(topic, next, RD_KAFKA_MSG_F_COPY, buffer, whole, NULL, 0, NULL)) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(rk, 10);
    }
    rd_kafka_poll(rk, 0);
    next = (next + 1) % count;
    memmove(buffer, buffer + whole, have - whole);
    have -= whole;
  }
  if (rd_kafka_flush(rk, 60000)) fail("flush", "took too long");
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(rk);
}

static void consume(const char *bootstrap, const char *name) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap);
  set(conf, "group.id", "raw");
  set(conf, "enable.auto.commit", "false");
  set(conf, "enable.partition.eof", "true");
  set(conf, "queued.max.messages.kbytes", "65536");
  rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_poll_set_consumer(rk);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, name, NULL);
  int open = partitions(rk, topic);
  rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(open);
  for (int i = 0; i < open; i++) rd_kafka_topic_partition_list_add(all, name, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  if (rd_kafka_assign(rk, all)) fail("assign", "refused");
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
  rd_kafka_message_t *batch[1000];
  unsigned long records = 0, bytes = 0;
  while (open > 0) {
    ssize_t n = rd_kafka_consume_batch_queue(queue, 1000, batch, 1000);
    for (ssize_t i = 0; i < n; i++) {
      if (batch[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) open--;
      else if (batch[i]->err) fail("consume", rd_kafka_message_errstr(batch[i]));
      else records++, bytes += batch[i]->len;
      rd_kafka_message_destroy(batch[i]);
    }
  }
  printf("%lu records, %lu bytes\n", records, bytes);
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(rk);
  rd_kafka_topic_partition_list_destroy(all);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(rk);
}

int main(int count, char **words) {
  if (count == 5 && !strcmp(words[1], "produce")) return produce(words[2], words[3], words[4]), 0;
  if (count == 4 && !strcmp(words[1], "consume")) return consume(words[2], words[3]), 0;
  fprintf(stderr, "usage: raw produce BOOTSTRAP TOPIC FILE | raw consume BOOTSTRAP TOPIC\n");
  return 2;
}
