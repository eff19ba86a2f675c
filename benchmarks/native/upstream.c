/* The three vendors as one fast, deterministic server: what a gateway costs shows best where its vendors cost nothing.
 *
 *   upstream PORT ROUTES [DELAY_MS]
 *
 * ROUTES has a line for each answer: path, needle and the file of its body, with tabs between. A request gets the first
 * answer of its path whose needle stands in its query string; an empty needle fits any. So a filter chooses an answer.
 *
 * A customer's number (six digits) is in every id of what the customer has: in the plain after "9090", and in base64,
 * which most of Formance's ids are, after the base64 of "090". Files are written for customer 000000. A request's number
 * is put into its answer, wherever the file has that of 000000, so that a few files answer for a million customers.
 *
 * GET /__stats tells the requests, the connections, the most at once, and when each of the first arrived (in
 * microseconds after the first); GET /__reset forgets them. Neither counts, and neither is delayed.
 *
 * One thread, epoll, HTTP/1.1 with keep-alive. Memory is never given back: it is a tool for minutes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DIGITS = 6, CODED = 8, MOST_CONNECTIONS = 16384, MOST_ROUTES = 1024, MOST_ARRIVALS = 20000, MOST_WAITING = 1 << 18 };

static const char MARK[] = "9090", CODED_MARK[] = "MDkw";

/* --- Growing buffers ------------------------------------------------------------------------------------------- */

typedef struct { char *at; size_t length, room; } Buffer;

static char *more(Buffer *buffer, size_t length) {
    if (buffer->length + length > buffer->room) {
        buffer->room = (buffer->length + length) * 2;
        buffer->at = realloc(buffer->at, buffer->room);
        if (!buffer->at) abort();
    }
    return buffer->at + buffer->length;
}

static void print(Buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buffer->length += vsnprintf(more(buffer, 256), 256, format, arguments);
    va_end(arguments);
}

/* --- Customers' numbers ---------------------------------------------------------------------------------------- */

typedef struct { char plain[DIGITS], coded[CODED]; } Number;

static const Number NOBODY = {{'0', '0', '0', '0', '0', '0'}, {'M', 'D', 'A', 'w', 'M', 'D', 'A', 'w'}};

static void encode(const char *plain, char *coded) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < DIGITS; i += 3, coded += 4) {
        unsigned bits = (unsigned char)plain[i] << 16 | (unsigned char)plain[i + 1] << 8 | (unsigned char)plain[i + 2];
        for (int k = 0; k < 4; k++) coded[k] = alphabet[bits >> (18 - 6 * k) & 63];
    }
}

/* A digit is 0x30 to 0x39, so three of them in base64 have one of these forms. */
static int decode(const char *coded, char *plain) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < CODED; i += 4, plain += 3) {
        unsigned bits = 0;
        for (int k = 0; k < 4; k++) {
            const char *found = coded[i + k] ? strchr(alphabet, coded[i + k]) : NULL;
            if (!found) return 0;
            bits = bits << 6 | (unsigned)(found - alphabet);
        }
        for (int k = 0; k < 3; k++) {
            plain[k] = bits >> (16 - 8 * k) & 255;
            if (plain[k] < '0' || plain[k] > '9') return 0;
        }
    }
    return 1;
}

/* Find the number in a request's target, and put that of nobody in its place: the path becomes a route's. */
static Number number_in(char *target, size_t length) {
    Number number = NOBODY;
    char *end = target + length, *at = target;
    while ((at = memmem(at, end - at, MARK, 4)) && at + 4 + DIGITS <= end) {
        at += 4;
        memcpy(number.plain, at, DIGITS);
        encode(number.plain, number.coded);
        memcpy(at, NOBODY.plain, DIGITS);
    }
    for (at = target; (at = memmem(at, end - at, CODED_MARK, 4)) && at + 4 + CODED <= end;) {
        at += 4;
        char plain[DIGITS];
        if (!decode(at, plain)) continue;
        memcpy(number.plain, plain, DIGITS);
        memcpy(number.coded, at, CODED);
        memcpy(at, NOBODY.coded, CODED);
    }
    return number;
}

/* --- Answers --------------------------------------------------------------------------------------------------- */

typedef struct { char *path, *needle; Buffer response; size_t *plain, *coded, plains, codeds; } Route;

static Route routes[MOST_ROUTES];
static int route_count, first_of[4096], next_of[MOST_ROUTES];

static unsigned slot_of(const char *path, size_t length) {
    unsigned hash = 2166136261u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)path[i]) * 16777619u;
    return hash & 4095;
}

static size_t places(Buffer *response, const char *mark, const char *nobody, size_t length, size_t **found) {
    char sample[32], *at = response->at, *end = response->at + response->length;
    memcpy(sample, mark, 4);
    memcpy(sample + 4, nobody, length);
    size_t count = 0, room = 0;
    for (; (at = memmem(at, end - at, sample, 4 + length)); at += 4 + length) {
        if (count == room) *found = realloc(*found, (room = room * 2 + 16) * sizeof **found);
        (*found)[count++] = at + 4 - response->at;
    }
    return count;
}

static void respond(Buffer *response, const char *status, const char *body, size_t length) {
    print(response, "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n", status, length);
    memcpy(more(response, length), body, length);
    response->length += length;
}

static void read_route(char *line, const char *folder) {
    char *path = strtok(line, "\t"), *needle = strtok(NULL, "\t"), *name = strtok(NULL, "\t\n"), file[4096];
    snprintf(file, sizeof file, "%s%s", folder, name);
    FILE *input = fopen(file, "rb");
    if (!input || route_count == MOST_ROUTES) { perror(file); exit(1); }
    Buffer body = {0};
    for (size_t got; (got = fread(more(&body, 65536), 1, 65536, input)) > 0;) body.length += got;
    fclose(input);
    Route *route = &routes[route_count];
    route->path = strdup(path);
    route->needle = strdup(strcmp(needle, "-") ? needle : "");
    respond(&route->response, "200 OK", body.at, body.length);
    free(body.at);
    route->plains = places(&route->response, MARK, NOBODY.plain, DIGITS, &route->plain);
    route->codeds = places(&route->response, CODED_MARK, NOBODY.coded, CODED, &route->coded);
    int *last = &first_of[slot_of(path, strlen(path))];
    while (*last >= 0) last = &next_of[*last];
    *last = route_count;
    next_of[route_count++] = -1;
}

static void read_routes(const char *file) {
    FILE *input = fopen(file, "r");
    if (!input) { perror(file); exit(1); }
    char line[8192], folder[4096] = "";
    const char *slash = strrchr(file, '/');
    if (slash) snprintf(folder, sizeof folder, "%.*s/", (int)(slash - file), file);
    memset(first_of, -1, sizeof first_of);
    while (fgets(line, sizeof line, input)) read_route(line, folder);
    fclose(input);
}

static Route *route_of(const char *target, size_t length) {
    const char *mark = memchr(target, '?', length);
    size_t path = mark ? (size_t)(mark - target) : length;
    for (int i = first_of[slot_of(target, path)]; i >= 0; i = next_of[i]) {
        Route *route = &routes[i];
        if (strlen(route->path) != path || memcmp(route->path, target, path)) continue;
        if (!*route->needle || memmem(target + path, length - path, route->needle, strlen(route->needle))) return route;
    }
    return NULL;
}

/* --- Connections ----------------------------------------------------------------------------------------------- */

typedef struct { int descriptor; unsigned life; Buffer in, out; size_t sent; } Connection;
typedef struct { long due; int descriptor; unsigned life; Route *route; Number number; } Waiting;

static Connection connections[MOST_CONNECTIONS];
static Waiting waiting[MOST_WAITING];
static unsigned first_waiting, next_waiting;
static int poll_descriptor;
static long delay, requests, opened, at_once, most_at_once, arrivals[MOST_ARRIVALS], arrival_count;

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static void listen_for(Connection *connection, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = connection->descriptor};
    epoll_ctl(poll_descriptor, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static void hang_up(Connection *connection) {
    close(connection->descriptor);
    connection->life++;
    connection->in.length = connection->out.length = connection->sent = 0;
}

static int flush(Connection *connection) {
    Buffer *out = &connection->out;
    while (connection->sent < out->length) {
        ssize_t sent = send(connection->descriptor, out->at + connection->sent, out->length - connection->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return listen_for(connection, EPOLLIN | EPOLLOUT), 1;
        if (sent < 0) return hang_up(connection), 0;
        connection->sent += sent;
    }
    out->length = connection->sent = 0;
    return 1;
}

static void answer(Connection *connection, Route *route, const Number *number) {
    Buffer *out = &connection->out;
    if (!route) {
        respond(out, "404 Not Found", "{\"errorCode\":\"NOT_FOUND\"}", 25);
        return;
    }
    char *copy = memcpy(more(out, route->response.length), route->response.at, route->response.length);
    out->length += route->response.length;
    if (!memcmp(number->plain, NOBODY.plain, DIGITS)) return;
    for (size_t i = 0; i < route->plains; i++) memcpy(copy + route->plain[i], number->plain, DIGITS);
    for (size_t i = 0; i < route->codeds; i++) memcpy(copy + route->coded[i], number->coded, CODED);
}

static void tell(Connection *connection) {
    Buffer body = {0};
    print(&body, "{\"requests\":%ld,\"connections\":%ld,\"most_at_once\":%ld,\"arrivals\":[", requests, opened, most_at_once);
    for (long i = 0; i < arrival_count; i++) print(&body, "%s%ld", i ? "," : "", arrivals[i] - arrivals[0]);
    print(&body, "]}");
    respond(&connection->out, "200 OK", body.at, body.length);
    free(body.at);
}

static void serve(Connection *connection, char *target, size_t length) {
    if (length > 3 && !memcmp(target, "/__", 3)) {
        if (target[3] == 's') tell(connection);
        else {
            requests = opened = arrival_count = most_at_once = 0;
            respond(&connection->out, "200 OK", "{}", 2);
        }
        return;
    }
    requests++;
    long arrived = now();
    if (arrival_count < MOST_ARRIVALS) arrivals[arrival_count++] = arrived;
    Number number = number_in(target, length);
    Route *route = route_of(target, length);
    if (!delay) { answer(connection, route, &number); return; }
    if (++at_once > most_at_once) most_at_once = at_once;
    waiting[next_waiting++ % MOST_WAITING] = (Waiting){arrived + delay, connection->descriptor, connection->life, route, number};
}

/* The bytes of the first request in `in` once it is complete, body included; 0 before. */
static size_t complete(const Buffer *in, size_t from) {
    char *start = in->at + from, *end = memmem(start, in->length - from, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t body = 0;
    for (char *line = start; line && line < end; line = memmem(line, end - line, "\r\n", 2)) {
        while (*line == '\r' || *line == '\n') line++;
        if (!strncasecmp(line, "content-length:", 15)) body = strtoul(line + 15, NULL, 10);
    }
    size_t length = end + 4 - start + body;
    return in->length - from >= length ? length : 0;
}

static void receive(Connection *connection) {
    Buffer *in = &connection->in;
    ssize_t got = recv(connection->descriptor, more(in, 65536), 65536, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { hang_up(connection); return; }
    in->length += got;
    size_t from = 0;
    for (size_t length; (length = complete(in, from)); from += length) {
        char *target = memchr(in->at + from, ' ', length), *end = target ? memchr(target + 1, ' ', length - (target + 1 - in->at - from)) : NULL;
        if (!end) { hang_up(connection); return; }
        serve(connection, target + 1, end - target - 1);
    }
    memmove(in->at, in->at + from, in->length -= from);
    flush(connection);
}

static void answer_who_waited(void) {
    long moment = now();
    while (first_waiting != next_waiting && waiting[first_waiting % MOST_WAITING].due <= moment) {
        Waiting *each = &waiting[first_waiting++ % MOST_WAITING];
        Connection *connection = &connections[each->descriptor];
        at_once--;
        if (connection->life != each->life) continue;
        answer(connection, each->route, &each->number);
        flush(connection);
    }
}

static void welcome(int listener) {
    int descriptor, yes = 1;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (descriptor >= MOST_CONNECTIONS) { close(descriptor); continue; }
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections[descriptor].descriptor = descriptor;
        opened++;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, descriptor, &event);
    }
}

static int listening(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) { perror("bind"); exit(1); }
    return listener;
}

int main(int count, char **arguments) {
    if (count < 3) { fprintf(stderr, "usage: upstream PORT ROUTES [DELAY_MS]\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    read_routes(arguments[2]);
    delay = count > 3 ? atof(arguments[3]) * 1000 : 0;
    poll_descriptor = epoll_create1(0);
    int listener = listening(atoi(arguments[1]));
    struct epoll_event events[256], listens = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, listener, &listens);
    for (;;) {
        long left = first_waiting == next_waiting ? -1 : waiting[first_waiting % MOST_WAITING].due - now();
        int patience = first_waiting == next_waiting ? -1 : left <= 0 ? 0 : (int)((left + 999) / 1000);
        int ready = epoll_wait(poll_descriptor, events, 256, patience);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) { welcome(listener); continue; }
            Connection *connection = &connections[events[i].data.fd];
            if (events[i].events & EPOLLOUT) {
                listen_for(connection, EPOLLIN);
                if (!flush(connection)) continue;
            }
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
        }
        answer_who_waited();
    }
}
