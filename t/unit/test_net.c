/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_net.c - TCP with a deadline, on loopback */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#include "base/net.h"

static void
test_parse(void **state)
{
	static const struct {
		const char *text, *host, *port;
	} rows[] = {
		{ "mx1", "mx1", "5119" },
		{ "mx1:25", "mx1", "25" },
		{ "192.0.2.1", "192.0.2.1", "5119" },
		{ "192.0.2.1:065", "192.0.2.1", "65" },
		{ "::1", "::1", "5119" },
		{ "2001:db8::1:25", "2001:db8::1:25", "5119" },
		{ "[2001:db8::1]", "2001:db8::1", "5119" },
		{ "[2001:db8::1]:25", "2001:db8::1", "25" },
		{ "[mx1]:25", "mx1", "25" },
	};
	struct net_peer p;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(net_parse_peer(&p, rows[i].text, "5119", &why),
		    0);
		assert_string_equal(p.host, rows[i].host);
		assert_string_equal(p.port, rows[i].port);
	}
}

static void
test_refuse(void **state)
{
	static const char *const rows[] = { "", ":25", "[]:25", "[::1",
		"[::1]x", "mx1:", "mx1:x", "mx1:0", "mx1:65536",
		"[::1]:", "::1]", "[[::1]", "mx1:25[::1]:26", "mx]:25" };
	char long_name[300];
	struct net_peer p;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		why = NULL;
		if (net_parse_peer(&p, rows[i], "5119", &why) != -1)
			fail_msg("'%s' was taken for a peer", rows[i]);
		assert_non_null(why);
	}
	memset(long_name, 'a', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(net_parse_peer(&p, long_name, "1", &why), -1);
}

/* A listener of loopback, and who gets there; backlog -1: none listens. */
static int
listener(struct net_peer *p, int backlog)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t n = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_not_equal(fd, -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	if (backlog >= 0)
		assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &n), 0);
	snprintf(p->host, sizeof(p->host), "127.0.0.1");
	snprintf(p->port, sizeof(p->port), "%d", (int)ntohs(sin.sin_port));
	return fd;
}

static void
test_connect(void **state)
{
	struct when_deadline d = when_after(&when_system, 10000);
	struct buf out = BUF_INIT, why = BUF_INIT;
	int server, client, peer;
	struct net_peer p;

	(void)state;
	server = listener(&p, 1);
	client = net_connect(&p, &d, &why);
	assert_int_not_equal(client, -1);
	assert_true(net_is_socket(client));
	assert_true(fcntl(client, F_GETFD) & FD_CLOEXEC);
	peer = accept(server, NULL, NULL);
	assert_int_equal(net_write(peer, "hello", 5, &d, &why), 0);
	close(peer);
	assert_int_equal(net_read(client, 5, &d, &out, &why), 0);
	assert_string_equal(buf_str(&out), "hello");
	assert_int_equal(why.len, 0);
	close(client);
	close(server);
	buf_free(&out);
	buf_free(&why);
}

static void
test_connection_refused(void **state)
{
	struct when_deadline d = when_after(&when_system, 10000);
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct net_peer p;
	char want[80];
	int fd;

	(void)state;
	fd = listener(&p, -1);
	snprintf(want, sizeof(want), "127.0.0.1 port %s: Connection refused",
	    p.port);
	assert_int_equal(net_fetch(&p, 100, &d, &out, &why), -1);
	assert_string_equal(buf_str(&why), want);
	assert_int_equal(out.len, 0);
	close(fd);
	buf_free(&why);
}

static void
test_read(void **state)
{
	static const struct {
		const char *sent;
		size_t max;
		bool closed;
		const char *why;
	} rows[] = {
		{ "four", 4, true, "" },
		{ "fives", 4, true, "more than 4 bytes came" },
		{ "fives", 4, false, "more than 4 bytes came" },
		{ "", 4, true, "" },
		{ "four", 4, false, "the answer did not end in time" },
		{ "", 0, false, "the answer did not end in time" },
	};
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct when_deadline d;
	int fd[2];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&out, 0);
		buf_truncate(&why, 0);
		d = when_after(&when_system, 50);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
		assert_int_equal(net_write(fd[1], rows[i].sent,
				     strlen(rows[i].sent), &d, &why),
		    0);
		if (rows[i].closed)
			close(fd[1]);
		assert_int_equal(net_read(fd[0], rows[i].max, &d, &out, &why),
		    *rows[i].why == '\0' ? 0 : -1);
		assert_string_equal(buf_str(&why), rows[i].why);
		assert_string_equal(buf_str(&out), rows[i].sent);
		close(fd[0]);
		if (!rows[i].closed)
			close(fd[1]);
	}
	buf_free(&out);
	buf_free(&why);
}

#define NET_MANY (4 * 1024 * 1024) /* more than a socket holds */

struct sent {
	int fd;
	const char *bytes;
	int rc;
};

static void *
send_all(void *arg)
{
	struct when_deadline d = when_after(&when_system, 10000);
	struct sent *s = arg;
	struct buf why = BUF_INIT;

	s->rc = net_write(s->fd, s->bytes, NET_MANY, &d, &why);
	close(s->fd);
	buf_free(&why);
	return NULL;
}

/* What takes many writes arrives in order. */
static void
test_write_many(void **state)
{
	struct when_deadline d = when_after(&when_system, 10000);
	struct buf out = BUF_INIT, why = BUF_INIT;
	char *bytes = malloc(NET_MANY);
	struct sent s = { .bytes = bytes, .rc = -1 };
	pthread_t thread;
	int fd[2];
	size_t i;

	(void)state;
	assert_non_null(bytes);
	for (i = 0; i < NET_MANY; i++)
		bytes[i] = (char)(i % 251);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	s.fd = fd[0];
	assert_int_equal(pthread_create(&thread, NULL, send_all, &s), 0);
	assert_int_equal(net_read(fd[1], NET_MANY, &d, &out, &why), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(s.rc, 0);
	assert_int_equal(out.len, NET_MANY);
	assert_memory_equal(out.data, bytes, NET_MANY);
	close(fd[1]);
	free(bytes);
	buf_free(&out);
	buf_free(&why);
}

/* Who does not read is given up, and who hung up is no signal. */
static void
test_write(void **state)
{
	const size_t n = 8 * 1024 * 1024;
	char *bytes = calloc(1, n);
	struct when_deadline d = when_after(&when_system, 50);
	struct buf why = BUF_INIT;
	int fd[2];

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(net_write(fd[0], bytes, n, &d, &why), -1);
	assert_string_equal(buf_str(&why), "writing did not end in time");
	buf_truncate(&why, 0);
	close(fd[1]);
	d = when_after(&when_system, 10000);
	assert_int_equal(net_write(fd[0], bytes, n, &d, &why), -1);
	assert_string_equal(buf_str(&why), "writing: Broken pipe");
	close(fd[0]);
	assert_false(net_is_socket(fd[0]));
	free(bytes);
	buf_free(&why);
}

/* What is sent to us is dropped, and does not keep us. */
static void
test_end(void **state)
{
	struct when_deadline d = when_after(&when_system, 10000);
	struct buf out = BUF_INIT, why = BUF_INIT;
	int server, client, peer;
	struct net_peer p;

	(void)state;
	server = listener(&p, 1);
	client = net_connect(&p, &d, &why);
	assert_int_not_equal(client, -1);
	peer = accept(server, NULL, NULL);
	assert_int_equal(net_write(client, "GET / HTTP/1.0\r\n\r\n", 18, &d,
			     &why),
	    0);
	assert_int_equal(net_write(peer, "hello", 5, &d, &why), 0);
	d = when_after(&when_system, 50);
	net_end(peer, &d);
	assert_true(when_passed(&d));
	close(peer);
	d = when_after(&when_system, 10000);
	assert_int_equal(net_read(client, 100, &d, &out, &why), 0);
	assert_string_equal(buf_str(&out), "hello");
	close(client);
	close(server);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_connection_refused),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_many),
		cmocka_unit_test(test_end),
	};

	return UNIT_RUN(tests);
}
