# SPDX-License-Identifier: GPL-3.0-or-later
# Scanner.pm - a double of MailScanner as far as a queue file knows it: how it
# opens, locks, reads and removes a message of an incoming queue of sendmail
#
# What it does was read in MailScanner 5 (Lock.pm, SMDiskStore.pm, Sendmail.pm):
#   - it lists the queue, and then opens each qf for reading and writing;
#   - then, in a system call of its own, it asks for a lock, without waiting,
#     of fcntl(2) (LockType posix, the default with sendmail) or of flock(2);
#     one that it does not get makes it skip the message;
#   - it does not look whether the file that it has locked still has its name;
#   - the same with the df; without it, it skips the message;
#   - it reads the qf by the descriptor that it has: without a sender and a
#     recipient the message is invalid, and skipped;
#   - it links the df into the outgoing queue and writes a qf there, or, here,
#     notes that it was delivered;
#   - it removes the qf and then the df, by their names, whatever these are by
#     then.
# Between open and lock is the gap that qflush has to close.
package MQ::Scanner;
use strict;
use warnings;

use Exporter qw(import);
use Fcntl qw(:flock F_SETLK F_WRLCK SEEK_SET);

our @EXPORT = qw(scan_message scan_queue);

my %lock = (
	flock => sub { flock $_[0], LOCK_EX | LOCK_NB },
	posix => sub {
		my $whole = pack 's s x![q] q q i x![q]', F_WRLCK, SEEK_SET, 0,
		    0, 0;
		return fcntl $_[0], F_SETLK, $whole;
	});

# The file, open and locked; or undef. gap->() is called between the two.
sub _openlock {
	my ($file, $kind, $gap) = @_;
	open my $fh, '+<', $file or return;
	$gap->($file) if $gap;
	return $lock{$kind}->($fh) ? $fh : undef;
}

# scan_message($queue, $id, %opt): what became of a message: "skipped",
# "invalid", or "delivered". Options: kind, flock or posix; gap, called between
# the open and the lock of its qf; deliver, called before it is removed.
sub scan_message {
	my ($queue, $id, %opt) = @_;
	my $kind = $opt{kind} // 'posix';
	my $qf = _openlock("$queue/qf$id", $kind, $opt{gap})
	    or return 'skipped';
	my $df = _openlock("$queue/df$id", $kind) or return 'skipped';
	my %found;
	while (my $line = <$qf>) {
		last if $line =~ /^\./;
		$found{$1} = 1 if $line =~ /^([RS])/;
	}
	return 'invalid' if !$found{R} || !$found{S};
	$opt{deliver}->($id) if $opt{deliver};
	unlink "$queue/qf$id";
	unlink "$queue/df$id";
	return 'delivered';
}

# scan_queue($queue, %opt): all messages of it, as they were listed. Returns
# how many there were of each result.
sub scan_queue {
	my ($queue, %opt) = @_;
	my %n;
	opendir my $dh, $queue or die "$queue: $!\n";
	my @ids = map { /^qf([-\w]+)$/ } readdir $dh;
	for my $id (@ids) {
		my $size = -s "$queue/qf$id" or next;
		$n{scan_message($queue, $id, %opt)}++;
	}
	return \%n;
}

1;
