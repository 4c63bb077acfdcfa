/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bbext_send.c - a status on its way to each display
 *
 * By the client program of Xymon or Big Brother, which takes the message as
 * an argument; else by TCP: connect, send, end of transmission, and wait until
 * the display hangs up (no display answers a status).  Each of these is the
 * work of a child process, so that its time limit holds for the name look-up
 * as well.
 *
 * That a display took a status is all that can be known here: Xymon drops that
 * of a host it does not know without a word.
 */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "bbext_run.h"
#include "bbext_send.h"

#define SEND_REASON_MAX	300
#define SEND_OUTPUT_MAX	4096

struct send {
	const struct bbext_display	*display;
	const char			*port;
	const struct buf		*message;
	bool				 interrupted;	/* by a signal */
};

/* In the child: the reason goes to the parent as output. */
static int
send_fail(const char *reason)
{
	fsx_write(STDOUT_FILENO, reason, strlen(reason));
	return 1;
}

static int
send_connect(const struct addrinfo *list)
{
	const struct addrinfo *a;
	int fd, error = EADDRNOTAVAIL;

	for (a = list; a != NULL; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd != -1 && connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			return fd;
		error = errno;
		if (fd != -1)
			close(fd);
	}
	errno = error;
	return -1;
}

/* All of the message, then waits for the other end to close. */
static int
send_message(int fd, const struct buf *message)
{
	size_t done = 0;
	char byte[256];
	ssize_t n;

	while (done < message->len) {
		n = send(fd, message->data + done, message->len - done,
		    MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += (size_t)n;
	}
	if (shutdown(fd, SHUT_WR) != 0)
		return -1;
	do
		n = read(fd, byte, sizeof(byte));
	while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 ? 0 : -1;
}

/* A job's work.  The child's end closes the socket and frees the list. */
static int
send_tcp(void *arg)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const struct send *s = arg;
	struct addrinfo *list;
	int rc, fd;

	rc = getaddrinfo(s->display->host, s->display->port != NULL ?
	    s->display->port : s->port, &hints, &list);
	if (rc != 0)
		return send_fail(gai_strerror(rc));
	fd = send_connect(list);
	if (fd == -1 || send_message(fd, s->message) != 0)
		return send_fail(strerror(errno));
	return 0;
}

/* What a child printed, as one line. */
static void
send_add_line(struct buf *line, const struct buf *out)
{
	size_t i;

	for (i = 0; i < out->len; i++)
		if (out->data[i] != '\n')
			buf_addc(line, out->data[i]);
		else if (i + 1 < out->len)
			buf_addc(line, ' ');
}

/* "display HOST: why", from what a child did. */
static void
send_add_error(const struct bbext_job *job, const struct bbext_ran *ran,
    const struct send *s, const char *program, struct buf *errors)
{
	struct buf why = BUF_INIT;

	buf_addf(errors, "bb-ext: display ");
	clean_adds(errors, s->display->text, SEND_REASON_MAX);
	if (s->display->host != NULL && s->display->port == NULL &&
	    program == NULL)
		buf_addf(errors, " port %s", s->port);
	buf_adds(errors, ": ");
	if (program != NULL) {
		clean_adds(errors, program, SEND_REASON_MAX);
		buf_addc(errors, ' ');
	}
	if (program == NULL && ran->late)
		buf_addf(&why, "no answer within %ds", job->seconds);
	else if (!bbext_run_failed(job, ran, &why) && program != NULL)
		buf_addf(&why, "failed with status %d%s",
		    WEXITSTATUS(ran->status), ran->out.len != 0 ? ": " : "");
	send_add_line(&why, &ran->out);
	clean_add(errors, why.data, why.len, SEND_REASON_MAX);
	buf_addc(errors, '\n');
	errors->oom |= why.oom;
	buf_free(&why);
}

/* Big Brother's program can't be told a port. */
static const char *
send_program(const struct bbext_config *c, const struct bbext_display *d)
{
	if (c->xymon != NULL)
		return c->xymon;
	return d->port == NULL ? c->bb : NULL;
}

static bool
send_one(const struct bbext_config *c, struct send *s, struct buf *errors)
{
	const char *program = send_program(c, s->display);
	const char *argv[] = {
		program, s->display->text, s->message->data, NULL
	};
	struct bbext_job job = {
		.work = program != NULL ? bbext_run_program : send_tcp,
		.arg = program != NULL ? (void *)argv : s,
		.errors_too = true, .seconds = BBEXT_SEND_TIMEOUT,
		.max = SEND_OUTPUT_MAX
	};
	struct bbext_ran ran;
	bool sent;

	bbext_run(&job, &ran);
	sent = ran.error == 0 && ran.signal == 0 && !ran.late &&
	    WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == 0;
	if (!sent)
		send_add_error(&job, &ran, s, program, errors);
	s->interrupted = ran.signal != 0;
	buf_free(&ran.out);
	return sent;
}

size_t
bbext_send(const struct bbext_config *c, const struct buf *message,
    struct buf *errors)
{
	struct send s = { .port = c->port, .message = message };
	size_t failed = 0, i;

	for (i = 0; i < c->displays.n && !s.interrupted; i++) {
		s.display = &c->displays.v[i];
		if (!send_one(c, &s, errors))
			failed++;
	}
	return failed + (c->displays.n - i);
}
