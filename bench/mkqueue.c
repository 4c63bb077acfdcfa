/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mkqueue.c - fill a directory with a synthetic sendmail queue
 *
 * mkqueue [-e] [-a SPAN] [-l flat|split] [-n NOW] [-r RELAYS] [-s SEED]
 *     DIR COUNT
 *
 * Writes COUNT messages as sendmail 8.13 and later would: a df of 200-400
 * bytes, then a qf of about 0.8 to 1.5 KiB (-e: both empty), flat in DIR or
 * in DIR/qf and DIR/df beside an empty DIR/xf.  The mail comes in sessions
 * of one to MAX_SESSION messages; the relays are Zipf-like (relay r sends in
 * proportion to 1/r), and the ids spread over the SPAN seconds before NOW.
 *
 * The same options, NOW included, give the same queue.  DIR is created when
 * it is missing; a name that is there already is an error, and what was
 * written by then stays.
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fsx.h"
#include "base/num.h"

#define MAX_COUNT    INT64_C(10000000)
#define MAX_RELAYS   INT64_C(100000) /* 198.18.0.0/15 has room */
#define MAX_SESSION  4
#define MAX_SPAN     (INT64_C(365) * 24 * 3600)
#define MAX_TIME     INT64_C(4102444800) /* the year 2100 */
#define QF_SPREAD    550 /* between the smallest and the largest qf */
#define FIRST_PID    1000
#define LAST_PID     999999 /* six digits in an id */
#define ID_SEQUENCES 3600   /* ids of one second and process */

struct conf {
	const char *dir;
	int64_t count;
	int64_t relays;
	int64_t seed;
	int64_t span;
	int64_t now;
	bool split;
	bool empty;
};

/* What one process of sendmail took in over one connection. */
struct session {
	time_t time;
	int64_t relay;
	uint64_t left;
	unsigned int pid;
	unsigned int sequence;
};

struct message {
	char id[16];
	char date[40]; /* RFC 5322 */
	char peer[96]; /* the value of $_ */
	char rcpt[64];
};

struct maker {
	struct conf conf;
	uint64_t random;
	double *weights; /* relay r: the sum of 1/1 .. 1/(r+1) */
	int qfdir, dfdir;
	struct session session;
	struct buf text;
};

/* splitmix64: small, fast, the same on every machine */
static uint64_t
random_next(struct maker *m)
{
	uint64_t z = m->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
random_below(struct maker *m, uint64_t n)
{
	return random_next(m) % n;
}

static void
relays_init(struct maker *m)
{
	double sum = 0;
	int64_t r;

	m->weights = calloc((size_t)m->conf.relays, sizeof(*m->weights));
	if (m->weights == NULL)
		err(1, "%" PRId64 " relays", m->conf.relays);
	for (r = 0; r < m->conf.relays; r++)
		m->weights[r] = sum += 1.0 / (double)(r + 1);
}

static int64_t
relay_pick(struct maker *m)
{
	int64_t low = 0, high = m->conf.relays - 1;
	double at = (double)(random_next(m) >> 11) * 0x1p-53 * m->weights[high];

	while (low < high) {
		int64_t mid = (low + high) / 2;

		if (m->weights[mid] <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Relay r as $_ has it: with and without a name, forged, IPv6. */
static void
relay_peer(int64_t r, char *out, size_t size)
{
	char ip[16];

	snprintf(ip, sizeof(ip), "198.%d.%d.%d", (int)(18 + (r >> 16)),
	    (int)(r >> 8 & 255), (int)(r & 255));
	switch (r % 8) {
	case 3:
		snprintf(out, size, "[%s]", ip);
		break;
	case 5:
		snprintf(out, size, "pool-%d.isp.example [%s] (may be forged)",
		    (int)r, ip);
		break;
	case 7:
		snprintf(out, size,
		    "mx%d.six.example [IPv6:2001:db8:0:0:0:0:%x:%x]", (int)r,
		    (unsigned int)(r >> 16), (unsigned int)(r & 0xffff));
		break;
	default:
		snprintf(out, size, "mail%d.example.net [%s]", (int)r, ip);
		break;
	}
}

/* The id of 8.12 and later: Y M D h m s, two for the sequence, the pid. */
static void
message_id(const struct session *s, const struct tm *tm, char *out, size_t size)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";

	snprintf(out, size, "%c%c%c%c%c%c%c%c%06u", digits[tm->tm_year % 60],
	    digits[tm->tm_mon], digits[tm->tm_mday], digits[tm->tm_hour],
	    digits[tm->tm_min], digits[tm->tm_sec], digits[s->sequence / 60],
	    digits[s->sequence % 60], s->pid);
}

/* Message i of COUNT: the next of its session, or the first of a new one. */
static void
message_start(struct maker *m, int64_t i, struct message *msg)
{
	struct session *s = &m->session;
	struct tm tm;

	if (s->left == 0) {
		s->left = 1 + random_below(m, MAX_SESSION);
		s->relay = relay_pick(m);
		s->time = m->conf.now - m->conf.span +
		    m->conf.span * i / m->conf.count;
		s->sequence = (unsigned int)random_below(m, ID_SEQUENCES);
		s->pid = s->pid < LAST_PID ? s->pid + 1 : FIRST_PID;
	}
	s->left--;
	s->sequence = (s->sequence + 1) % ID_SEQUENCES;
	gmtime_r(&s->time, &tm);
	message_id(s, &tm, msg->id, sizeof(msg->id));
	strftime(msg->date, sizeof(msg->date), "%a, %d %b %Y %T +0000", &tm);
	relay_peer(s->relay, msg->peer, sizeof(msg->peer));
	snprintf(msg->rcpt, sizeof(msg->rcpt), "user%d@dest%d.example",
	    (int)random_below(m, 10000), (int)random_below(m, 200));
}

/* n letters; fold follows every 60th. */
static void
add_letters(struct maker *m, uint64_t n, const char *fold)
{
	uint64_t i;

	for (i = 1; i <= n; i++) {
		buf_addc(&m->text, (char)('a' + random_below(m, 26)));
		if (i % 60 == 0)
			buf_adds(&m->text, fold);
	}
}

/* Up to the headers; two messages of three were tried and deferred. */
static void
qf_control(struct maker *m, const struct message *msg)
{
	struct buf *b = &m->text;
	const struct session *s = &m->session;
	uint64_t tries = random_below(m, 3) * (1 + random_below(m, 8));

	buf_addf(b, "V8\nT%" PRId64 "\nK%" PRId64 "\n", (int64_t)s->time,
	    tries != 0 ? m->conf.now - 60 : 0);
	buf_addf(b, "N%" PRIu64 "\nP%" PRIu64 "\n", tries,
	    30000 + random_below(m, 4000) + tries * 90000);
	if (tries != 0)
		buf_addf(b, "I253/1/%" PRIu64 "\n", random_below(m, 1 << 24));
	buf_adds(b, "B8BITMIME\n");
	if (tries != 0)
		buf_adds(b, "MDeferred: Timed out with mx.dest.example.\n");
	buf_addf(b,
	    "Fbs\n$_%s\n$rESMTP\n$shelo%" PRId64 ".example\n"
	    "${daemon_flags}\n${if_addr}192.0.2.1\n"
	    "S<news%" PRIu64 "@sender%" PRId64 ".example>\n"
	    "rRFC822; %s\nRPFD:<%s>\n",
	    msg->peer, s->relay, random_below(m, 1000), s->relay, msg->rcpt,
	    msg->rcpt);
}

static void
qf_headers(struct maker *m, const struct message *msg)
{
	struct buf *b = &m->text;
	int64_t relay = m->session.relay;

	buf_addf(b,
	    "H?P?Return-Path: <\x81g>\n"
	    "H??Received: from helo%" PRId64 ".example (%s)\n"
	    "\tby mx1.lab.example (8.17.1/8.17.1) with ESMTP id %s\n"
	    "\tfor <%s>; %s\n",
	    relay, msg->peer, msg->id, msg->rcpt, msg->date);
	buf_addf(b,
	    "H?D?Date: %s\nH?F?From: News Desk <news@sender%" PRId64
	    ".example>\nH?M?Message-Id: <%s@sender%" PRId64 ".example>\n"
	    "H??To: %s\nH??MIME-Version: 1.0\n"
	    "H??Content-Type: text/plain; charset=utf-8\nH??Subject: ",
	    msg->date, relay, msg->id, relay, msg->rcpt);
	add_letters(m, 10 + random_below(m, 40), " ");
	buf_adds(b,
	    "\nH??DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple;"
	    "\n\th=from:to:subject:date; s=mail; b=");
	add_letters(m, 20 + random_below(m, QF_SPREAD), "\n\t");
	buf_adds(b, "\n.\n");
}

/* Moves m->text to a new file of the queue. */
static void
put(struct maker *m, int dir, const char *type, const char *id)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "%s%s", type, id);
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd == -1)
		err(1, "%s: %s", m->conf.dir, name);
	if (m->text.oom)
		errx(1, "out of memory");
	if ((m->text.len != 0 &&
		fsx_write(fd, m->text.data, m->text.len) != 0) ||
	    close(fd) != 0)
		err(1, "%s: %s", m->conf.dir, name);
	m->text.len = 0;
}

/* A body is of the time at which it was received. */
static void
date_body(const struct maker *m, const struct message *msg)
{
	struct timespec times[2] = { { 0 }, { 0 } };
	char name[32];

	times[0].tv_sec = times[1].tv_sec = m->session.time;
	snprintf(name, sizeof(name), "df%s", msg->id);
	if (utimensat(m->dfdir, name, times, 0) != 0)
		err(1, "%s: %s", m->conf.dir, name);
}

static void
make_message(struct maker *m, int64_t i)
{
	struct message msg;

	message_start(m, i, &msg);
	if (!m->conf.empty) {
		add_letters(m, 195 + random_below(m, 200), "\n");
		buf_addc(&m->text, '\n');
	}
	put(m, m->dfdir, "df", msg.id);
	date_body(m, &msg);
	if (!m->conf.empty) {
		qf_control(m, &msg);
		qf_headers(m, &msg);
	}
	put(m, m->qfdir, "qf", msg.id);
}

/* Opens name below dirfd, creating it; AT_FDCWD for the queue itself. */
static int
open_dir(const struct conf *conf, int dirfd, const char *name)
{
	int fd;

	if (mkdirat(dirfd, name, 0750) != 0 && errno != EEXIST)
		err(1, "%s: cannot create %s", conf->dir, name);
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		err(1, "%s: cannot open %s", conf->dir, name);
	return fd;
}

static void
open_queue(struct maker *m)
{
	int top = open_dir(&m->conf, AT_FDCWD, m->conf.dir);

	m->qfdir = m->dfdir = top;
	if (!m->conf.split)
		return;
	m->qfdir = open_dir(&m->conf, top, "qf");
	m->dfdir = open_dir(&m->conf, top, "df");
	close(open_dir(&m->conf, top, "xf"));
	close(top);
}

static void
usage(void)
{
	errx(2,
	    "usage: mkqueue [-e] [-a SPAN_SECONDS] [-l flat|split]"
	    " [-n NOW] [-r RELAYS] [-s SEED] DIR COUNT");
}

static int64_t
number(const char *what, const char *s, int64_t min, int64_t max)
{
	const char *why;
	int64_t n;

	if (num_int64(s, min, max, &n, &why) != 0)
		errx(2, "%s '%s': %s", what, s, why);
	return n;
}

static void
parse(int argc, char **argv, struct conf *conf)
{
	int c;

	while ((c = getopt(argc, argv, "a:el:n:r:s:")) != -1)
		switch (c) {
		case 'a':
			conf->span = number("span", optarg, 0, MAX_SPAN);
			break;
		case 'e':
			conf->empty = true;
			break;
		case 'l':
			conf->split = strcmp(optarg, "split") == 0;
			if (!conf->split && strcmp(optarg, "flat") != 0)
				errx(2, "not flat or split: '%s'", optarg);
			break;
		case 'n':
			conf->now = number("time", optarg, MAX_SPAN, MAX_TIME);
			break;
		case 'r':
			conf->relays = number("relays", optarg, 1, MAX_RELAYS);
			break;
		case 's':
			conf->seed = number("seed", optarg, 0, INT64_MAX);
			break;
		default:
			usage();
		}
	if (argc - optind != 2)
		usage();
	conf->dir = argv[optind];
	conf->count = number("count", argv[optind + 1], 0, MAX_COUNT);
}

int
main(int argc, char **argv)
{
	struct maker m = {
		.conf = { .relays = 1000, .seed = 1, .span = 4 * 3600 },
		.session = { .pid = FIRST_PID },
		.text = BUF_INIT,
	};
	int64_t i;

	m.conf.now = (int64_t)time(NULL);
	parse(argc, argv, &m.conf);
	m.random = (uint64_t)m.conf.seed;
	relays_init(&m);
	open_queue(&m);
	for (i = 0; i < m.conf.count; i++)
		make_message(&m, i);
	buf_free(&m.text);
	free(m.weights);
	return 0;
}
