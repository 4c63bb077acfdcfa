/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * send.c - a status on its way to each display
 *
 * By the client program of Xymon or Big Brother, which takes the message as an
 * argument; else by TCP: connect, send, say that this was all, and wait until
 * the display hangs up (none answers a status).  Either is the work of a child
 * process, so that the time limit holds for the name look-up as well.
 *
 * All that can be known here is that a display took a status: Xymon drops the
 * status of a host that it does not know, and does not say so.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "plugins/bb-ext/run.h"
#include "plugins/bb-ext/send.h"

#define SEND_REASON_MAX 300
#define SEND_OUTPUT_MAX 4096

struct send {
	const struct bbext_display *display;
	const struct buf *message;
	bool interrupted; /* by a signal */
};

static int
send_by_tcp(const struct send *s, struct buf *why)
{
	struct when_deadline deadline = when_after(&when_system,
	    INT64_C(1000) * BBEXT_SEND_TIMEOUT);
	struct buf answer = BUF_INIT;
	int fd, rc;

	if ((fd = net_connect(&s->display->peer, &deadline, why)) == -1)
		return -1;
	clean_adds(why, s->display->peer.host, SEND_REASON_MAX);
	buf_addf(why, " port %s: ", s->display->peer.port);
	rc = net_write(fd, s->message->data, s->message->len, &deadline, why);
	if (rc == 0) {
		shutdown(fd, SHUT_WR);
		rc = net_read(fd, SEND_OUTPUT_MAX, &deadline, &answer, why);
	}
	close(fd);
	buf_free(&answer);
	return rc;
}

/* A job's work: the reason goes to the parent as output. */
static int
send_tcp(void *arg)
{
	struct buf why = BUF_INIT;
	int rc = send_by_tcp(arg, &why);

	if (rc != 0)
		fsx_write(STDOUT_FILENO, why.data, why.len);
	buf_free(&why);
	return rc != 0;
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

/*
 * Adds the line that says which display did not get it, and why, from what a
 * child did.
 */
static void
send_add_error(const struct bbext_job *job, const struct bbext_ran *ran,
    const struct send *s, const char *program, struct buf *errors)
{
	struct buf why = BUF_INIT;
	bool failed;

	if (program != NULL || ran->out.len == 0)
		buf_addf(&why, "display %s: ", s->display->text);
	if (program != NULL)
		buf_addf(&why, "%s ", program);
	else if (ran->out.len == 0)
		buf_adds(&why, "sending ");
	failed = bbext_run_failed(job, ran, &why);
	if (!failed && program != NULL)
		buf_addf(&why, "failed with status %d%s",
		    WEXITSTATUS(ran->status), ran->out.len != 0 ? ": " : "");
	send_add_line(&why, &ran->out);
	buf_adds(errors, "bb-ext: ");
	clean_add(errors, why.data, why.len, SEND_REASON_MAX);
	buf_addc(errors, '\n');
	errors->oom |= why.oom;
	buf_free(&why);
}

/* The program that knows this display and can be told its port; or NULL. */
static const char *
send_program(const struct bbext_config *c, const struct bbext_display *d)
{
	if (c->xymon != NULL)
		return c->xymon;
	return strcmp(d->peer.port, c->port) == 0 ? c->bb : NULL;
}

static bool
send_one(const struct bbext_config *c, struct send *s, struct buf *errors)
{
	const char *program = send_program(c, s->display);
	const char *argv[] = { program,
		c->xymon != NULL ? s->display->text : s->display->peer.host,
		s->message->data, NULL };
	/*
	 * TCP has a deadline of its own, which is earlier and gives a better
	 * reason.
	 */
	struct bbext_job job = {
		.work = program != NULL ? bbext_run_program : send_tcp,
		.arg = program != NULL ? (void *)argv : s,
		.errors_too = true,
		.seconds = BBEXT_SEND_TIMEOUT + 1,
		.max = SEND_OUTPUT_MAX,
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
	struct send s = { .message = message };
	size_t failed = 0, i;

	for (i = 0; i < c->displays.n && !s.interrupted; i++) {
		s.display = &c->displays.v[i];
		if (!send_one(c, &s, errors))
			failed++;
	}
	return failed + (c->displays.n - i);
}
