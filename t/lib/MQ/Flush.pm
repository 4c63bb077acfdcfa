# SPDX-License-Identifier: GPL-3.0-or-later
# Flush.pm - what the tests of qflush share: a queue with a flood in it, and
# whether every message is where it may be
#
# A message is in one piece: one control file, which is what it was but for a
# line of quarantine, and its body. Everything is exported.
package MQ::Flush;
use strict;
use warnings;

use Exporter qw(import);
use Fcntl qw(:DEFAULT :flock :mode F_SETLK F_WRLCK SEEK_SET);
use MQ;
use Test::More ();

our @EXPORT = qw(flood_queue snapshot damage places held_text qflush
    kinds lock_flock lock_fcntl SPAMMER);

use constant SPAMMER => '192.0.2.66';

# flood_queue($dir, $flood, $others, %opt): a queue with that many messages of
# SPAMMER and of others. Returns the ids of the first and of the second.
# Options are those of make_message().
sub flood_queue {
	my ($dir, $flood, $others, %opt) = @_;
	my $n = $opt{first} // 0;
	my @flood = map { make_message($dir, age => 300, sender =>
	    "win$_\@spam.example", %opt, n => $n++, relay =>
	    'mx.spam.example [' . SPAMMER . ']') } 1 .. $flood;
	my @others = map { make_message($dir, age => 3000, %opt, n => $n++,
	    relay => "mail$_.example [198.51.100.$_]",
	    sender => "user$_\@site.example") } 1 .. $others;
	return (\@flood, \@others);
}

# qflush([\%opt,] ARGUMENT...): runs it with a journal beside the queue.
sub qflush {
	my $opt = ref $_[0] ? shift : {};
	return tool($opt, 'qflush', @_);
}

# What a control file looks like when qflush holds the message.
sub held_text {
	my ($text, $reason) = @_;
	return $text =~ s/^(?=S)/qqflush: $reason\n/mr;
}

# id -> {q, h, Q, d: {text, mode, mtime}} of the directories named.
sub places {
	my (@dirs) = @_;
	my %found;
	for my $dir (map { ($_, "$_/qf", "$_/df", "$_/xf") } @dirs) {
		opendir my $dh, $dir or next;
		for my $name (readdir $dh) {
			my ($type, $id) = $name =~ /^([qhQdtx])f(.+)/ or next;
			my @st = lstat "$dir/$name";
			next if !@st || !S_ISREG($st[2]);
			push @{$found{$id}{$type}}, {dir => $dir,
			    text => slurp("$dir/$name"), mode => $st[2],
			    mtime => $st[9], uid => $st[4], gid => $st[5]};
		}
	}
	return \%found;
}

# How many files of each type there are: "df 5, qf 5".
sub kinds {
	my $found = places(@_);
	my %n;
	for my $id (keys %$found) {
		$n{$_ . 'f'} += @{$found->{$id}{$_}} for keys %{$found->{$id}};
	}
	return join ', ', map { "$_ $n{$_}" } sort keys %n;
}

sub snapshot { return places(@_) }

sub _same {
	my ($now, $then) = @_;
	my $text = $now->{text} =~ s/^q.*\n(?=(?:.*\n)*?S)//mr;
	my $was = $then->{text} =~ s/^q.*\n(?=(?:.*\n)*?S)//mr;
	return 'another text' if $text ne $was;
	for (qw(mode mtime uid gid)) {
		return "another $_" if $now->{$_} != $then->{$_};
	}
	return;
}

# damage($before, \@dirs, gone => {id => 1}): what is wrong with the messages
# of an earlier snapshot; nothing if all are in one piece. One that is in
# "gone" may be missing.
sub damage {
	my ($before, $dirs, %opt) = @_;
	my $now = places(@$dirs);
	my @wrong;
	for my $id (sort keys %$before) {
		my $then = $before->{$id};
		my @was = map { @{$then->{$_} // []} } qw(q h Q);
		my @is = map { @{$now->{$id}{$_} // []} } qw(q h Q);
		my @body = @{$now->{$id}{d} // []};
		next if !@is && $opt{gone}{$id};
		push @wrong, "$id: " . @is . ' control files' if @is != 1;
		push @wrong, "$id: " . @body . ' bodies' if @body != 1;
		next if @is != 1 || @body != 1;
		my $why = _same($is[0], $was[0]) // _same($body[0],
		    $then->{d}[0]);
		push @wrong, "$id: $why" if defined $why;
	}
	for my $id (sort keys %$now) {
		push @wrong, "$id: from nowhere" if !$before->{$id};
	}
	return @wrong;
}

# Locks a file as the builds of sendmail do; unlocked when the handle closes.
sub lock_flock {
	my ($file) = @_;
	open my $fh, '+<', $file or die "$file: $!\n";
	flock $fh, LOCK_EX | LOCK_NB or die "$file: $!\n";
	return $fh;
}

sub lock_fcntl {
	my ($file) = @_;
	open my $fh, '+<', $file or die "$file: $!\n";
	my $whole = pack 's s x![q] q q i x![q]', F_WRLCK, SEEK_SET, 0, 0, 0;
	fcntl $fh, F_SETLK, $whole or die "$file: $!\n";
	return $fh;
}

1;
