/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * discover.c - the queues that MailScanner.conf names
 *
 * The model is MailScanner's Config.pm: ReadInQueueDirs() for the incoming
 * queues, ReadDirValue() and ReadRuleset() for the outgoing ones.  Where
 * MailScanner would only log that it leaves a line out, this is an error: the
 * line was meant to be a queue.  Limit: a database or a function that has the
 * settings is not asked, and is an error.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/fsx.h"
#include "mta/mailscanner/discover.h"
#include "mta/mailscanner/read.h"
#include "mta/mailscanner/rules.h"

#define MAILSCANNER_DISCOVER_OUTGOING \
	"/var/spool/mqueue" /* without any setting */

struct mailscanner_discover {
	const struct rooted *r;
	struct mailscanner_conf ms;
};

/* A line that names directories of a queue. */
struct mailscanner_discover_line {
	struct mailscanner_discover *d;
	struct planned_queue *q;
	const char *file;
	size_t line;
	size_t matched; /* directories so far */
	bool many;      /* it is no single directory */
	/* What is done with the value of a line. */
	int (*take)(struct mailscanner_discover_line *, const char *value);
};

static int
mailscanner_discover_fail(const struct mailscanner_discover_line *l,
    const char *subject, const char *reason)
{
	return rooted_fail_line(l->d->r, l->file, l->line, subject, reason);
}

static int
mailscanner_discover_add_matches(struct mailscanner_discover_line *l,
    const char *pattern)
{
	glob_t found;
	size_t i;
	int rc = mailscanner_read_glob(l->d->r, pattern, &found) < 0 ? -1 : 0;

	for (i = 0; rc == 0 && i < found.gl_pathc; i++, l->matched++)
		rc = planned_add_found(l->q, l->d->r, found.gl_pathv[i]);
	globfree(&found);
	return rc;
}

/* A directory whose entries a pattern matches, but which can't be listed. */
static bool
mailscanner_discover_closed_parent(const struct rooted *r, const char *pattern,
    struct buf *parent)
{
	size_t n = strcspn(pattern, "*?[");
	struct buf whole = BUF_INIT;
	bool closed = false;

	while (n > 1 && pattern[n - 1] != '/')
		n--;
	buf_addf(&whole, "%s%.*s", r->root, (int)n, pattern);
	if (!whole.oom && fsx_check_parent(buf_str(&whole)) != 0 &&
	    errno == EACCES) {
		buf_add(parent, whole.data, whole.len);
		closed = true;
	}
	buf_free(&whole);
	return closed;
}

/* A pattern or path of a line, for mailscanner_glob_patterns(). */
static int
mailscanner_discover_pattern(void *arg, const char *pattern, bool magic)
{
	struct mailscanner_discover_line *l = arg;
	struct buf parent = BUF_INIT;
	int rc;

	if (*pattern != '/')
		return mailscanner_discover_fail(l, pattern,
		    "does not begin with '/'");
	if (!magic) {
		l->matched++;
		return planned_add_path(l->q, l->d->r, pattern);
	}
	/* What is missing there is told with the remedy, like any other. */
	if (mailscanner_discover_closed_parent(l->d->r, pattern, &parent)) {
		l->matched++;
		rc = parent.oom ?
		    rooted_oom(l->d->r) :
		    planned_add_found(l->q, l->d->r, buf_str(&parent));
	} else {
		rc = mailscanner_discover_add_matches(l, pattern);
	}
	buf_free(&parent);
	return rc;
}

/* Expands a text of the line.  0, or -1 with why. */
static int
mailscanner_discover_expand(const struct mailscanner_discover_line *l,
    const char *text, struct buf *out)
{
	struct buf why = BUF_INIT;
	int rc = mailscanner_conf_expand(&l->d->ms, text, out, &why);

	if (rc == 0)
		mailscanner_discover_fail(l, "", buf_str(&why));
	else if (rc < 0)
		rooted_oom(l->d->r);
	buf_free(&why);
	return rc == 1 ? 0 : -1;
}

/* A directory or a glob of an incoming queue. */
static int
mailscanner_discover_incoming_dir(struct mailscanner_discover_line *l,
    const char *value)
{
	size_t before = l->matched;

	if (!mailscanner_glob_is(value))
		return mailscanner_discover_pattern(l, value, false);
	if (mailscanner_read_patterns(l->d->r, l->file, l->line, value,
		mailscanner_discover_pattern, l) != 0)
		return -1;
	return l->matched != before ?
	    0 :
	    mailscanner_discover_fail(l, value, "matches no directory");
}

static int
mailscanner_discover_rule(struct mailscanner_discover_line *l,
    const char *value)
{
	if (*value == '\0')
		return mailscanner_discover_fail(l, "",
		    "this rule names no directory");
	if (*value != '/' || strpbrk(value, " \t*") != NULL)
		return mailscanner_discover_fail(l, value,
		    "is no directory that MailScanner takes in a rule:"
		    " an absolute path without blanks and '*'");
	return planned_add_path(l->q, l->d->r, value);
}

/* A line of a list or of a ruleset. */
static int
mailscanner_discover_take(void *arg, size_t line, const char *text)
{
	struct mailscanner_discover_line *l = arg;
	struct buf value = BUF_INIT;
	int rc;

	l->line = line;
	rc = mailscanner_discover_expand(l, text, &value);
	if (rc == 0)
		rc = l->take(l, buf_str(&value));
	buf_free(&value);
	return rc;
}

/* The directories of a list, or of a ruleset, into the line's queue. */
static int
mailscanner_discover_file(struct mailscanner_discover_line *l, const char *path,
    bool incoming)
{
	struct mailscanner_discover_line in = { l->d, l->q, path, 0, 0, true,
		incoming ? mailscanner_discover_incoming_dir :
			   mailscanner_discover_rule };
	struct buf bytes = BUF_INIT;
	size_t len = l->d->r->why->len;
	bool has_default = true;
	struct stat st;
	int rc = rooted_read(l->d->r, path, &bytes);

	l->many = true;
	if (rc == 1 && incoming)
		rc = mailscanner_rules_list(buf_str(&bytes), bytes.len,
		    mailscanner_discover_take, &in);
	else if (rc == 1)
		rc = mailscanner_rules_rules(buf_str(&bytes), bytes.len,
		    mailscanner_discover_take, &in, &has_default);
	if (rc != 0 && l->d->r->why->len == len)
		rooted_oom(l->d->r);
	if (rc == 0 && !has_default) {
		buf_truncate(&bytes, 0);
		rc = rooted_path(l->d->r, MAILSCANNER_DISCOVER_OUTGOING,
		    &bytes);
		if (rc == 0 && stat(buf_str(&bytes), &st) == 0)
			rc = planned_add_path(l->q, l->d->r,
			    MAILSCANNER_DISCOVER_OUTGOING);
	}
	if (rc == 0 && l->q->npaths == 0)
		rc = rooted_fail(l->d->r, "no directory in", path,
		    "no line names one");
	buf_free(&bytes);
	return rc;
}

/* 1 when the value is a file, whose path is then in *path; -1 with why. */
static int
mailscanner_discover_is_file(const struct rooted *r, const char *value,
    struct buf *path)
{
	struct stat st;

	if (rooted_path(r, value, path) != 0)
		return -1;
	return stat(buf_str(path), &st) == 0 && S_ISREG(st.st_mode);
}

static int
mailscanner_discover_incoming(struct mailscanner_discover_line *l,
    const char *value)
{
	struct buf path = BUF_INIT;
	int rc;

	if (*value == '\0')
		return mailscanner_discover_fail(l, "",
		    "Incoming Queue Dir is empty, so MailScanner reads no"
		    " queue");
	rc = l->many = mailscanner_glob_is(value);
	if (!l->many)
		rc = mailscanner_discover_is_file(l->d->r, value, &path);
	if (rc == 1 && !l->many)
		rc = mailscanner_discover_file(l, buf_str(&path), true);
	else if (rc >= 0)
		rc = mailscanner_discover_incoming_dir(l, value);
	buf_free(&path);
	return rc;
}

static int
mailscanner_discover_outgoing(struct mailscanner_discover_line *l,
    const char *value)
{
	struct buf path = BUF_INIT;
	int rc = mailscanner_discover_is_file(l->d->r, value, &path);

	if (rc == 1)
		rc = mailscanner_discover_file(l, buf_str(&path), false);
	else if (rc == 0 && (*value != '/' || strpbrk(value, " \t*") != NULL))
		rc = mailscanner_discover_fail(l, value,
		    "is no directory that MailScanner puts messages in: an"
		    " absolute path without blanks and '*'");
	else if (rc == 0)
		rc = planned_add_path(l->q, l->d->r, value);
	buf_free(&path);
	return rc;
}

/* Of what can't be known, no file tells. */
static int
mailscanner_discover_check(const struct mailscanner_discover_line *l,
    enum mailscanner_conf_key key)
{
	const struct mailscanner_conf_setting *s = &l->d->ms.v[key];
	size_t n;

	if (s->value == NULL)
		return mailscanner_discover_fail(l,
		    mailscanner_conf_key_name(key), s->unknown);
	if (*s->value == '&')
		return mailscanner_discover_fail(l, s->value,
		    "is a function of MailScanner, and which directories it"
		    " names is not known here");
	n = strlen(s->value);
	if (key == MAILSCANNER_CONF_OUTGOING &&
	    (strstr(s->value, "customize") != NULL ||
		strstr(s->value, "customise") != NULL ||
		(n >= 8 && strcmp(s->value + n - 8, ".RuleSet") == 0)))
		return mailscanner_discover_fail(l, s->value,
		    "is a ruleset in MailScanner's database, which is not"
		    " read");
	return 0;
}

/*
 * Plans the queue of a setting.  One of several directories gets the name that
 * MailScanner's own documentation gives to it.
 */
static int
mailscanner_discover_queue(struct mailscanner_discover *d, struct planned *p,
    enum mailscanner_conf_key key, const char *source)
{
	const bool incoming = key == MAILSCANNER_CONF_INCOMING;
	const struct mailscanner_conf_setting *s = &d->ms.v[key];
	struct mailscanner_discover_line l = { d, NULL, s->file, s->line, 0,
		false, NULL };
	struct buf value = BUF_INIT;
	int rc;

	if (mailscanner_discover_check(&l, key) != 0)
		return -1;
	l.q = planned_new(p, NULL, incoming ? QUEUE_IN : QUEUE_OUT,
	    incoming ? PLANNED_INCOMING : PLANNED_OUTGOING, source);
	buf_adds(&value, s->value);
	/* MailScanner cuts a comma, as if it were a list. */
	if (incoming && value.len != 0 && value.data[value.len - 1] == ',')
		buf_truncate(&value, value.len - 1);
	if (l.q == NULL || value.oom)
		rc = rooted_oom(d->r);
	else if (incoming)
		rc = mailscanner_discover_incoming(&l, buf_str(&value));
	else
		rc = mailscanner_discover_outgoing(&l, buf_str(&value));
	if (rc == 0 && l.many)
		rc = planned_set_name(l.q, d->r,
		    incoming ? "mqueue.in" : "mqueue");
	buf_free(&value);
	return rc;
}

static bool
mailscanner_discover_set(const struct mailscanner_discover *d,
    enum mailscanner_conf_key key)
{
	const struct mailscanner_conf_setting *s = &d->ms.v[key];

	return s->file != NULL && (s->value == NULL || *s->value != '\0');
}

static bool
mailscanner_discover_has(const char *s, const char *word)
{
	for (; *s != '\0'; s++)
		if (strncasecmp(s, word, strlen(word)) == 0)
			return true;
	return false;
}

/* The program that MailScanner works for, and where its settings are. */
static int
mailscanner_discover_check_all(struct mailscanner_discover *d)
{
	static const char *const others[] = { "exim", "zmailer", "postfix",
		"qmail", "msmail" };
	const struct mailscanner_conf_setting *mta =
	    &d->ms.v[MAILSCANNER_CONF_MTA];
	struct mailscanner_discover_line l = { d, NULL, mta->file, mta->line, 0,
		false, NULL };
	enum mailscanner_conf_key from = MAILSCANNER_CONF_LDAP_SERVER;
	size_t i;

	if (mailscanner_discover_set(d, MAILSCANNER_CONF_MTA) &&
	    mailscanner_discover_check(&l, MAILSCANNER_CONF_MTA) != 0)
		return -1;
	/* Whatever else is there, or nothing, is sendmail to MailScanner. */
	for (i = 0; mailscanner_discover_set(d, MAILSCANNER_CONF_MTA) &&
	     i < sizeof(others) / sizeof(*others);
	     i++)
		if (mailscanner_discover_has(mta->value, others[i]))
			return rooted_fail(d->r, "MailScanner works for",
			    mta->value,
			    "only sendmail's queues are understood");
	if (mailscanner_discover_set(d, MAILSCANNER_CONF_SQL_CONFIG) &&
	    mailscanner_discover_set(d, MAILSCANNER_CONF_DB_DSN) &&
	    mailscanner_discover_set(d, MAILSCANNER_CONF_DB_USER) &&
	    mailscanner_discover_set(d, MAILSCANNER_CONF_DB_PASSWORD))
		from = MAILSCANNER_CONF_SQL_CONFIG;
	else if (!mailscanner_discover_set(d, MAILSCANNER_CONF_LDAP_SERVER))
		return 0;
	l.file = d->ms.v[from].file;
	l.line = d->ms.v[from].line;
	return mailscanner_discover_fail(&l, mailscanner_conf_key_name(from),
	    "has MailScanner take its settings from a database, which is not"
	    " read");
}

int
mailscanner_discover(const struct rooted *r, struct planned *p, bool *incoming,
    bool *outgoing)
{
	struct mailscanner_discover d = { r, MAILSCANNER_CONF_INIT };
	struct buf path = BUF_INIT;
	int rc = mailscanner_read_settings(r, &d.ms, &path);

	if (rc == 1)
		rc = mailscanner_discover_check_all(&d);
	*incoming = d.ms.v[MAILSCANNER_CONF_INCOMING].file != NULL;
	/* An empty line means the default, as in MailScanner. */
	*outgoing = mailscanner_discover_set(&d, MAILSCANNER_CONF_OUTGOING);
	if (rc == 0 && *incoming)
		rc = mailscanner_discover_queue(&d, p,
		    MAILSCANNER_CONF_INCOMING, buf_str(&path));
	if (rc == 0 && *outgoing)
		rc = mailscanner_discover_queue(&d, p,
		    MAILSCANNER_CONF_OUTGOING, buf_str(&path));
	mailscanner_conf_free(&d.ms);
	buf_free(&path);
	return rc;
}
