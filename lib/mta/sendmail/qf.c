/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qf.c - sendmail's control file: bytes to envelope
 *
 * A line is a code, a letter, and its value; one that begins with a blank
 * goes on with the line before.  Remote text is in values, and sendmail never
 * lets it begin a line, so a code at the start of a line is sendmail's own.
 * One pass, and nothing is copied.
 *
 * What follows the recipients is headers, most of the file: only its end is
 * looked at.  A line counts when it is whole: its newline is there, and what
 * follows is known not to be folded.  Of the last line of a cut file only the
 * code is used, and only to tell that no relay line can follow.
 */
#include <limits.h>
#include <string.h>

#include "base/num.h"
#include "mta/sendmail/qf.h"

struct qf_reader {
	const char *p, *end;
	bool at_end;
	bool headers; /* the recipients are behind it */
};

struct qf_parser {
	struct envelope *e;
	envelope_recipient_fn *recipient;
	void *arg;
	unsigned int relays; /* relay lines */
	bool relays_end;     /* no more of them can come */
	bool recipients_end;
};

/* The next line, without its newline; false when there is none. */
static bool
qf_next(struct qf_reader *r, struct span *line, bool *whole)
{
	const char *p = r->p, *nl;

	line->p = p;
	if (p == r->end)
		return false;
	do {
		nl = memchr(p, '\n', (size_t)(r->end - p));
		if (nl == NULL) {
			line->n = (size_t)(r->end - line->p);
			r->p = r->end;
			*whole = false;
			return true;
		}
		p = nl + 1;
	} while (p < r->end && (*p == ' ' || *p == '\t'));
	line->n = (size_t)(nl - line->p);
	if (line->n != 0 && nl[-1] == '\r')
		line->n--;
	r->p = p;
	*whole = p < r->end || r->at_end;
	return true;
}

static struct span
qf_from(struct span s, size_t n)
{
	s.p += n;
	s.n -= n;
	return s;
}

/* An address, without the <> around it. */
static struct span
qf_address(struct span s)
{
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>') {
		s.p++;
		s.n -= 2;
	}
	return s;
}

/* Leaves *out alone if the value is no number of that size. */
static void
qf_number(struct span value, int64_t max, int64_t *out)
{
	const char *unused;

	(void)num_int64_of(value.p, value.n, 0, max, out, &unused);
}

/* $xVALUE and ${x}VALUE are the same; longer names are not for us. */
static void
qf_macro(struct qf_parser *q, struct span line)
{
	struct span value;
	char name;

	if (line.n >= 4 && line.p[1] == '{' && line.p[3] == '}') {
		name = line.p[2];
		value = qf_from(line, 4);
	} else if (line.n >= 2) {
		name = line.p[1];
		value = qf_from(line, 2);
	} else {
		return;
	}
	if (name == 'r') {
		q->e->protocol = value;
	} else if (name == 's') {
		q->e->helo = value;
	} else if (name == '_' && !q->relays_end) {
		q->relays++;
		relay_parse(&q->e->relay, value.p, value.n);
	}
}

/* R<flags>:ADDRESS; before version 1 without flags and colon. */
static void
qf_recipient(struct qf_parser *q, struct span value)
{
	const char *colon;

	q->e->recipients++;
	if (q->recipient == NULL)
		return;
	if (q->e->version >= 1) {
		colon = value.n != 0 ? memchr(value.p, ':', value.n) : NULL;
		value = qf_from(value,
		    colon != NULL ? (size_t)(colon - value.p) + 1 : value.n);
	}
	q->recipient(q->arg, qf_address(value));
}

static void
qf_line(struct qf_parser *q, struct span line)
{
	struct span value = qf_from(line, 1);
	struct envelope *e = q->e;
	int64_t version = 0;

	switch (line.p[0]) {
	case 'V':
		qf_number(value, INT_MAX, &version);
		e->version = (int)version;
		break;
	case 'T':
		qf_number(value, INT64_MAX, &e->arrival);
		break;
	case 'K':
		qf_number(value, INT64_MAX, &e->last_try);
		break;
	case 'N':
		qf_number(value, INT64_MAX, &e->tries);
		break;
	case 'd':
		e->body_dir = value;
		break;
	case 'M':
		if (e->status.n == 0)
			e->status = value;
		break;
	case 'q':
		e->hold_reason = value;
		break;
	case '$':
		qf_macro(q, line);
		break;
	case 'S':
		e->has_sender = true;
		e->sender = qf_address(value);
		break;
	case 'R':
		qf_recipient(q, value);
		break;
	case 'H':
		/* Written last, but by MailScanner also before all else. */
		q->recipients_end = e->recipients != 0;
		break;
	default:
		break;
	}
}

static void
qf_settle_relay(struct qf_parser *q)
{
	struct envelope *e = q->e;

	if (q->relays == 1)
		return;
	memset(&e->relay, 0, sizeof(e->relay));
	if (q->relays > 1)
		e->relay.class = RELAY_UNKNOWN;
	else if (q->relays_end || e->end == ENVELOPE_WHOLE)
		e->relay.class = RELAY_NONE;
	else
		e->relay.class = e->end == ENVELOPE_CUT ? RELAY_INCOMPLETE :
							  RELAY_UNKNOWN;
}

/*
 * After the recipients, where no line but the end mark matters: true if it is
 * known whether there is one.  It is looked for in the last line, and only a
 * file with none there is read to its end.
 */
static bool
qf_skip_headers(struct qf_reader *r, struct envelope *e)
{
	const char *p = r->end;

	if (r->headers)
		return false;
	r->headers = true;
	if (p > r->p && p[-1] == '\n')
		p--;
	while (p > r->p && p[-1] != '\n')
		p--;
	if (p < r->end && *p == '.')
		e->end = ENVELOPE_WHOLE;
	return e->end != ENVELOPE_CUT;
}

void
qf_parse(struct envelope *e, const char *bytes, size_t n, bool at_end,
    envelope_recipient_fn *recipient, void *arg)
{
	struct qf_reader r = { bytes, bytes, at_end, false };
	struct qf_parser q = { .e = e, .recipient = recipient, .arg = arg };
	struct span line;
	bool whole;

	memset(e, 0, sizeof(*e));
	e->arrival = e->last_try = e->tries = -1;
	e->end = at_end ? ENVELOPE_CUT : ENVELOPE_MORE;
	if (n != 0)
		r.end = bytes + n;
	while (qf_next(&r, &line, &whole)) {
		if (line.n == 0)
			continue;
		if (line.p[0] == '.') {
			e->end = ENVELOPE_WHOLE;
			break;
		}
		if (line.p[0] == 'S' || line.p[0] == 'R')
			q.relays_end = true;
		if (whole && !r.headers)
			qf_line(&q, line);
		if (q.recipients_end && qf_skip_headers(&r, e))
			break;
	}
	e->recipients_more = e->end != ENVELOPE_WHOLE && !q.recipients_end;
	qf_settle_relay(&q);
}

bool
qf_wants_more(const struct envelope *e)
{
	return e->end == ENVELOPE_MORE && !e->has_sender && e->recipients == 0;
}
