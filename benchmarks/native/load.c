/* Asks a gateway as many connections at once would, each as soon as it has been answered.
 *
 *   load PORT REQUESTS CONNECTIONS SECONDS [MOST]
 *
 * REQUESTS has a line for each request: token and JSON body, with a tab between. They are sent one after another over
 * all connections, again from the first after the last, so that requests under way at the same time differ.
 * After SECONDS, or MOST requests, no more are sent and those under way are waited for: then the gateway's CPU time
 * divided by the requests is exact, however slow it is.
 *
 * Prints one line of JSON. An answer counts as an error when its status is not 200 or it has `"errors"`; `odd` counts
 * those of another length than the first. Times are in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

typedef struct { char *at; size_t length; } Text;
typedef struct { int descriptor, busy; long since; char *at; size_t length, room; } Connection;

static Text *requests;
static long request_count, started, most, under_way, done, errors, odd, room, ends;
static size_t usual_length;
static unsigned *latencies;
static int port, poll_descriptor;

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static void read_requests(const char *file) {
    FILE *input = fopen(file, "r");
    if (!input) { perror(file); exit(1); }
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, input)) > 0;) {
        if (line[length - 1] == '\n') line[--length] = 0;
        char *tab = strchr(line, '\t');
        if (!tab) continue;
        *tab = 0;
        requests = realloc(requests, ++request_count * sizeof *requests);
        Text *request = &requests[request_count - 1];
        request->length = asprintf(&request->at,
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
            "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n%s", port, line, strlen(tab + 1), tab + 1);
    }
    fclose(input);
    if (!request_count) { fprintf(stderr, "no requests in %s\n", file); exit(1); }
}

static void dial(Connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) { perror("connect"); exit(1); }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection->descriptor = descriptor;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, descriptor, &event);
}

static void ask(Connection *connection) {
    connection->busy = 0;
    if ((most && started >= most) || now() >= ends) return;
    Text *request = &requests[started++ % request_count];
    connection->length = 0;
    connection->busy = 1;
    connection->since = now();
    under_way++;
    for (size_t sent = 0; sent < request->length;) {
        ssize_t part = send(connection->descriptor, request->at + sent, request->length - sent, MSG_NOSIGNAL);
        if (part <= 0) return; /* the reading side will see the connection's end */
        sent += part;
    }
}

/* Where the body begins, once all of the answer is there; 0 before. Both framings are read, since peers differ. */
static size_t body_of(Connection *connection) {
    char *end = memmem(connection->at, connection->length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t from = end + 4 - connection->at;
    *end = 0;
    char *length = strcasestr(connection->at, "content-length:");
    size_t whole = length ? from + strtoul(length + 15, NULL, 10) : 0;
    *end = '\r';
    if (whole) return connection->length >= whole ? from : 0;
    return connection->length >= from + 5 && !memcmp(connection->at + connection->length - 5, "0\r\n\r\n", 5) ? from : 0;
}

static void judge(Connection *connection, size_t from) {
    size_t length = connection->length - from;
    if (memcmp(connection->at + 9, "200", 3) || memmem(connection->at + from, length, "\"errors\"", 8)) errors++;
    if (!usual_length) usual_length = length;
    odd += length != usual_length;
    if (done == room) latencies = realloc(latencies, (room = room * 2 + 65536) * sizeof *latencies);
    latencies[done++] = now() - connection->since;
}

static void lost(Connection *connection) {
    close(connection->descriptor);
    if (connection->busy) { errors++; under_way--; }
    if (now() < ends && errors < 100) { dial(connection); ask(connection); }
}

static void listen_to(Connection *connection) {
    if (connection->room - connection->length < 65536) connection->at = realloc(connection->at, connection->room = connection->room * 2 + 262144);
    ssize_t got = recv(connection->descriptor, connection->at + connection->length, connection->room - connection->length, MSG_DONTWAIT);
    if (got <= 0) { lost(connection); return; }
    connection->length += got;
    size_t from = connection->busy ? body_of(connection) : 0;
    if (!from) return;
    under_way--;
    judge(connection, from);
    ask(connection);
}

static int ascending(const void *one, const void *other) {
    unsigned a = *(const unsigned *)one, b = *(const unsigned *)other;
    return a < b ? -1 : a > b;
}

int main(int count, char **arguments) {
    if (count < 5) { fprintf(stderr, "usage: load PORT REQUESTS CONNECTIONS SECONDS [MOST]\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    port = atoi(arguments[1]);
    read_requests(arguments[2]);
    int connection_count = atoi(arguments[3]);
    most = count > 5 ? atol(arguments[5]) : 0;
    poll_descriptor = epoll_create1(0);
    Connection *connections = calloc(connection_count, sizeof *connections);
    for (int i = 0; i < connection_count; i++) dial(&connections[i]);
    long begin = now();
    ends = begin + (long)(atof(arguments[4]) * 1e6);
    for (int i = 0; i < connection_count; i++) ask(&connections[i]);
    struct epoll_event events[256];
    while (under_way) {
        int ready = epoll_wait(poll_descriptor, events, 256, PATIENCE_MS);
        if (!ready) { errors += under_way; break; }
        for (int i = 0; i < ready; i++) listen_to(events[i].data.ptr);
    }
    double seconds = (now() - begin) / 1e6;
    qsort(latencies, done, sizeof *latencies, ascending);
    printf("{\"requests\":%ld,\"errors\":%ld,\"odd\":%ld,\"seconds\":%.4f,\"rps\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"least_ms\":%.3f,\"bytes\":%zu}\n", done, errors, odd, seconds, done / seconds, done ? latencies[done / 2] / 1e3 : 0,
           done ? latencies[(long)(done * 0.99)] / 1e3 : 0, done ? latencies[0] / 1e3 : 0, usual_length);
}
