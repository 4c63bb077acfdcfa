/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sendmail.c - sendmail's queue files (8.8 to 8.18), for struct mta
 *
 * What is in names is in name.c; here is what the inodes tell, and the table.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "mta/sendmail/change.h"
#include "mta/sendmail/command.h"
#include "mta/sendmail/name.h"
#include "mta/sendmail/qf.h"
#include "mta/sendmail/sendmail.h"

/*
 * A tf becomes qf or hf, and the other one of these is removed only after
 * that.
 */
static int
sendmail_has_control(int control_fd, const char *draft)
{
	static const char kinds[] = "qhQ";
	char name[SENDMAIL_NAME_MAX + 1];
	struct stat st;
	const char *kind;

	for (kind = kinds; *kind != '\0'; kind++) {
		snprintf(name, sizeof(name), "%cf%s", *kind,
		    sendmail_name_id(draft));
		if (fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return 1;
		if (errno != ENOENT)
			return -1;
	}
	return 0;
}

/* fstatat(2) of a message's body. */
static int
sendmail_stat_body(int body_fd, const char *name, struct stat *st)
{
	char body[SENDMAIL_NAME_MAX + 1];

	snprintf(body, sizeof(body), "df%s", sendmail_name_id(name));
	return fstatat(body_fd, body, st, AT_SYMLINK_NOFOLLOW);
}

/* The same; EINVAL: it is no regular file. */
static int
sendmail_stat_file(int body_fd, const char *name, struct stat *st)
{
	if (sendmail_stat_body(body_fd, name, st) != 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return 0;
	errno = EINVAL;
	return -1;
}

/* The body's time of modification is when it was received. */
static int
sendmail_received(int body_fd, const char *name, int64_t *when)
{
	struct stat st;

	if (sendmail_stat_file(body_fd, name, &st) != 0)
		return -1;
	*when = (int64_t)st.st_mtime;
	return 0;
}

/*
 * The control file is rewritten at each delivery attempt, so its time only
 * helps where the body is elsewhere (another queue group) or not there at all.
 */
static int
sendmail_arrival(int control_fd, int body_fd, const char *name, int64_t *when)
{
	struct stat st;

	if (sendmail_stat_body(body_fd, name, &st) != 0) {
		if (errno != ENOENT ||
		    fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			return -1;
	}
	*when = (int64_t)st.st_mtime;
	return 0;
}

static int
sendmail_body_size(int control_fd, int body_fd, const char *name,
    int64_t *bytes)
{
	struct stat st;

	(void)control_fd;
	if (sendmail_stat_file(body_fd, name, &st) != 0)
		return -1;
	*bytes = (int64_t)st.st_size;
	return 0;
}

/*
 * A file seems to have no end mark if a read was interrupted, so the source is
 * asked until the file is at its end.  Of a whole file, the recipients may come
 * after the first bytes, and so may the relay if other lines come before it.
 */
static bool
sendmail_parse(struct envelope *e, struct source *s, bool all,
    envelope_recipient_fn *recipient, void *arg)
{
	bool at_end;
	size_t n;
	const char *bytes = source_at(s, 0, &n, &at_end);

	qf_parse(e, bytes, n, at_end, recipient, arg);
	if (e->end == ENVELOPE_WHOLE ||
	    (e->end == ENVELOPE_MORE && !qf_wants_more(e) &&
		!(all && e->recipients_more)))
		return false;
	return source_ask(s, n, SIZE_MAX);
}

static const struct mta_dir sendmail_dirs[] = {
	{ .subdir = SENDMAIL_NAME_CONTROL,
	    .optional = true,
	    .state_cost = MTA_COST_NAME,
	    .age_cost = MTA_COST_INODE },
};

const struct mta sendmail_mta = {
	.name = "sendmail",
	.dirs = sendmail_dirs,
	.ndirs = sizeof(sendmail_dirs) / sizeof(sendmail_dirs[0]),
	.body_subdir = SENDMAIL_NAME_BODY,
	.log_subdir = SENDMAIL_NAME_LOG,
	.command = sendmail_command,
	.mend_beside = "stop sendmail, move qf*, hf* and Qf* into qf/ (and df*"
		       " into df/, if there is one), and start it again",
	.mend_draft = "what wrote it was killed: if its last line is a dot and"
		      " its df is there, rename it from tf to qf; else remove"
		      " it",
	.mend_bodyless = "a queue run would deliver it empty: bring its df back"
			 " from a backup, or remove it",
	.first = 4096, /* the relay is among the first 500 bytes, */
	.most = 65536, /* unless MailScanner puts headers first */
	.classify = sendmail_name_classify,
	.has_control = sendmail_has_control,
	.arrival = sendmail_arrival,
	.received = sendmail_received,
	.parse = sendmail_parse,
	.body_size = sendmail_body_size,
	.change = &sendmail_change,
};
