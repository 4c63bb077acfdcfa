/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ask.c - what sendmail itself says to a client
 *
 * Rule sets A (LookUpAddress) and D (LookUpDomain) are what check_relay goes
 * by, also where FEATURE(delay_checks) puts it off; check_relay itself wants
 * a token that can't be typed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clean.h"
#include "base/fsx.h"
#include "base/sys.h"
#include "base/when.h"
#include "mta/sendmail/access/ask.h"
#include "mta/sendmail/access/key.h"
#include "mta/sendmail/access/value.h"

#define SENDMAIL_ACCESS_ASK_TIME  60000 /* ms */
#define SENDMAIL_ACCESS_ASK_MAX   65536
#define SENDMAIL_ACCESS_ASK_SHOWN 200

/* Where text is in the n bytes at p, or NULL. */
static const char *
sendmail_access_ask_find(const char *p, size_t n, const char *text)
{
	size_t len = strlen(text);

	for (; n >= len; p++, n--)
		if (memcmp(p, text, len) == 0)
			return p;
	return NULL;
}

struct span
sendmail_access_ask_answer(const char *bytes, size_t n)
{
	static const char begin[] = "returns: < ";
	const char *end, *at = bytes, *last = NULL, *close;

	if (n == 0)
		return (struct span){ NULL, 0 };
	end = bytes + n;
	while ((at = sendmail_access_ask_find(at, (size_t)(end - at), begin)) !=
	    NULL)
		last = at += sizeof(begin) - 1;
	if (last == NULL)
		return (struct span){ NULL, 0 };
	close = sendmail_access_ask_find(last, (size_t)(end - last), " > ");
	if (close == NULL || memchr(last, '\n', (size_t)(close - last)))
		return (struct span){ NULL, 0 };
	return (struct span){ last, (size_t)(close - last) };
}

/* A descriptor to read the question from, or -1. */
static int
sendmail_access_ask_question(const struct buf *text)
{
	int fd[2], error;

	if (sys_pipe(fd, true) != 0)
		return -1;
	/* It is shorter than a pipe holds. */
	if (fsx_write(fd[1], text->data, text->len) != 0) {
		error = errno;
		close(fd[0]);
		fd[0] = -1;
		errno = error;
	}
	close(fd[1]);
	return fd[0];
}

/*
 * What one rule set finds; the answer points into *said.  0; or -1 with a line
 * added to *why.
 */
static int
sendmail_access_ask_one(const char *program, const char *cf,
    const struct buf *question, struct buf *said, struct span *answer,
    struct buf *why)
{
	const char *argv[] = { program, "-bt", cf != NULL ? "-C" : NULL, cf,
		NULL };
	struct when_deadline deadline = when_after(&when_system,
	    SENDMAIL_ACCESS_ASK_TIME);
	struct buf err = BUF_INIT;
	int fd = -1, rc = -1;

	buf_truncate(said, 0);
	if (question->oom ||
	    (fd = sendmail_access_ask_question(question)) == -1) {
		buf_addf(why, "cannot ask %s: %s", program,
		    strerror(question->oom ? ENOMEM : errno));
		goto out;
	}
	if (child_run(argv, fd, &deadline, SENDMAIL_ACCESS_ASK_MAX, said, &err,
		why) == -1)
		goto out;
	*answer = sendmail_access_ask_answer(said->data, said->len);
	if (answer->n == 0) {
		buf_addf(why, "%s -bt gave no answer: ", program);
		clean_add(why, err.len != 0 ? err.data : said->data,
		    err.len != 0 ? strcspn(err.data, "\n") : said->len,
		    SENDMAIL_ACCESS_ASK_SHOWN);
		goto out;
	}
	rc = 0;
out:
	if (fd != -1)
		close(fd);
	buf_free(&err);
	return rc;
}

/* "ERROR : 4 . 7 . 1": its tokens have blanks between them. */
static bool
sendmail_access_ask_refuses(struct span answer)
{
	static const char quarantine[] = "QUARANTINE :";

	if (*answer.p == '?' ||
	    sendmail_access_ask_find(answer.p, answer.n, quarantine) ==
		answer.p)
		return false;
	/* A rule set that knows SKIP does not answer with it. */
	return sendmail_access_value_of(answer) == BLOCK_REFUSES ||
	    sendmail_access_value_of(answer) == BLOCK_EXEMPTS;
}

static void
sendmail_access_ask_say(struct buf *out, const char *name, struct span answer)
{
	buf_adds(out, "sendmail -bt says");
	if (name != NULL)
		buf_addf(out, " of %s", name);
	buf_adds(out, ": ");
	if (*answer.p == '?')
		buf_adds(out, "no entry");
	else if (sendmail_access_ask_find(answer.p, answer.n, "TMPF") != NULL)
		buf_adds(out,
		    "it cannot read the map, and refuses all mail"
		    " until it can: see owner and mode of the map, and"
		    " sendmail's log");
	else
		clean_add_line(out, answer.p, answer.n);
	buf_addc(out, '\n');
}

int
sendmail_access_ask(const char *program, const char *cf, const struct client *k,
    const char *name, bool compressed, struct buf *out, struct buf *why)
{
	struct buf address = BUF_INIT, question = BUF_INIT, said = BUF_INIT;
	struct span answer;
	int rc = -1;

	/* check_relay: the name, or the address in brackets for none. */
	sendmail_access_key_client(&address, k, compressed);
	if (buf_str(&address) == NULL) {
		buf_adds(why, "out of memory");
		goto out;
	}
	if (name != NULL || k->is_name)
		buf_addf(&question, "D <%s>", name != NULL ? name : k->name);
	else
		buf_addf(&question, "D <[%s]>", address.data);
	buf_adds(&question, " <?> <+ Connect> <>\n");
	if (sendmail_access_ask_one(program, cf, &question, &said, &answer,
		why) != 0)
		goto out;
	/* ... and the address, if nothing is known of that. */
	if (*answer.p == '?' && !k->is_name) {
		buf_truncate(&question, 0);
		buf_addf(&question, "A <%s> <?> <+ Connect> <>\n",
		    address.data);
		if (sendmail_access_ask_one(program, cf, &question, &said,
			&answer, why) != 0)
			goto out;
	}
	sendmail_access_ask_say(out, name, answer);
	rc = sendmail_access_ask_refuses(answer);
out:
	buf_free(&address);
	buf_free(&question);
	buf_free(&said);
	return rc;
}
