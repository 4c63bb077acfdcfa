# SPDX-License-Identifier: GPL-3.0-or-later
# Churn.pm - a queue that changes all the time, and a model of what is in it
#
#     my $churn = MQ::Churn->new(dir => "$dir/mqueue.in", log => "$dir/log",
#         seed => 7);
#     my $mark = $churn->mark;
#     ...					# count the queue
#     my $events = $churn->events($mark);	# so far off it may be
#     $churn->pause;				# ... and now not at all
#
# A child process makes, removes, rewrites, renames, quarantines and half
# writes messages, and locks some. Before each change it writes a line to the
# log, from which the parent has the model. Messages of SPAMMER are also
# changed by qflush: the child does with them what a queue run does, under a
# lock, and the parent says what qflush did by qflushed().
package MQ::Churn;
use strict;
use warnings;

use Digest::MD5 qw(md5_hex);
use Fcntl qw(:DEFAULT :flock);
use MQ;
use MQ::Flush;
use POSIX ();
use Time::HiRes ();

my $RELAYS = 40;	# 198.51.100.1 and so on
my $LOCKS = 8;		# at once
my $PER_SECOND = 300;

# new(dir => QUEUE, log => FILE, seed => N, least => N, most => N): starts the
# child, paused, in front of a queue of "least" messages. Later there are
# between "least" and "most", without those of SPAMMER.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {least => 300, most => 900, %opt, owner => $$,
	    model => {}, n => {}, at => 0, seen => 0}, $class;
	mkdir $opt{dir} or die "$opt{dir}: $!\n";
	spew($opt{log}, '');
	pipe my $orders, $self->{orders} or die "pipe: $!\n";
	pipe $self->{answers}, my $answers or die "pipe: $!\n";
	$self->{pid} = fork // die "fork: $!\n";
	if (!$self->{pid}) {
		close $self->{orders};
		close $self->{answers};
		eval { $self->_churn($orders, $answers); 1 }
		    or print STDERR "churn: $@";
		POSIX::_exit($@ eq '' ? 0 : 1);
	}
	$self->_answered;
	return $self;
}

# --- the parent: the model ---------------------------------------------------

sub pause { my ($self) = @_; $self->_order('p'); $self->_drain }
sub go { my ($self) = @_; $self->_order('g') }

sub stop {
	my ($self) = @_;
	return if !$self->{pid} || $self->{owner} != $$;
	local $?;
	syswrite $self->{orders}, 'e';
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
	return $? == 0;
}

sub DESTROY { my ($self) = @_; $self->stop; return }

sub _order {
	my ($self, $order) = @_;
	syswrite $self->{orders}, $order or die "churn has gone: $!\n";
	$self->_answered;
}

sub _answered {
	my ($self) = @_;
	sysread $self->{answers}, my $byte, 1 or die "churn has gone\n";
}

# A point in time, for events().
sub mark { my ($self) = @_; $self->_drain; return $self->{seen} }

# How many changes there were since; the one before the mark may have been
# under way. What lists the queue meanwhile may be off by that much: a message
# whose file was renamed can be met twice, or not at all.
sub events {
	my ($self, $mark) = @_;
	$self->_drain;
	return $self->{seen} - $mark + 1;
}

# id => {kind, relay, md5, created} of all that are not of SPAMMER, or of it.
# Kinds: q queued, h quarantined, Q lost, i incomplete, t not yet a message;
# of SPAMMER's also m moved away.
sub messages {
	my ($self, $spam) = @_;
	my $model = $self->{model};
	return map { $_ => $model->{$_} } grep { !$spam ==
	    ($model->{$_}{relay} ne SPAMMER) } keys %$model;
}

# How many there are of some kinds ("qi"), with SPAMMER's or without.
sub count {
	my ($self, $kinds, $spam) = @_;
	my $n = 0;
	for my $key (keys %{$self->{n}}) {
		my ($kind, $relay) = split / /, $key;
		$n += $self->{n}{$key} if index($kinds, $kind) >= 0
		    && ($spam || $relay ne SPAMMER);
	}
	return $n;
}

# How many queued messages each relay has, those that can be told of.
sub relays {
	my ($self) = @_;
	return map { /^q (.*)/ && $self->{n}{$_} ? ($1 => $self->{n}{$_}) :
	    () } keys %{$self->{n}};
}

# qflushed($id, $kind): what qflush made of a message; no kind: deleted it.
# False if there was none. One that was put back may be delivered by now.
sub qflushed {
	my ($self, $id, $kind) = @_;
	my $message = $self->{model}{$id};
	return ($kind // '') eq 'q' && $self->{delivered}{$id} if !$message;
	$self->_set($id, defined $kind ? {%$message, kind => $kind} : undef);
	return 1;
}

sub _set {
	my ($self, $id, $message) = @_;
	my $old = $self->{model}{$id};
	$self->{n}{"$old->{kind} $old->{relay}"}-- if $old;
	delete $self->{model}{$id};
	return if !$message;
	$self->{model}{$id} = $message;
	$self->{n}{"$message->{kind} $message->{relay}"}++;
	return;
}

# Reads what was added to the log. The child may be in the midst of a line.
sub _drain {
	my ($self) = @_;
	open my $fh, '<', $self->{log} or die "$self->{log}: $!\n";
	seek $fh, $self->{at}, 0;
	while (my $line = <$fh>) {
		last if $line !~ /\n\z/;
		$self->{at} += length $line;
		$self->{seen}++;
		my ($op, $id, @rest) = split ' ', $line;
		my %new;
		@new{qw(kind relay md5 created)} = @rest;
		$self->{delivered}{$id} = 1 if $op eq '-';
		$self->_set($id, $op eq '-' ? undef : \%new);
	}
	return;
}

# --- the child ---------------------------------------------------------------

sub _churn {
	my ($self, $orders, $answers) = @_;
	my $parent = getppid;
	srand $self->{seed};
	sysopen $self->{out}, $self->{log}, O_WRONLY | O_APPEND or die;
	$self->{ids} = [];
	$self->{serial} = 0;
	$self->_make(SPAMMER) for 1 .. 150;
	$self->_make($self->_relay) for 1 .. $self->{least};
	syswrite $answers, '.';
	my $running = 0;
	while (1) {
		my $in = '';
		vec($in, fileno $orders, 1) = 1;
		# What is waited for is an order; the time paces the changes.
		return if getppid != $parent;
		if (select $in, undef, undef, $running ? 10 / $PER_SECOND : 1) {
			sysread $orders, my $order, 1 or return;
			return if $order eq 'e';
			$running = $order eq 'g';
			$self->{locked} = [];
			syswrite $answers, '.';
			next;
		}
		next if !$running;
		$self->_change for 1 .. 10;
	}
}

sub _relay { return '198.51.100.' . (1 + int rand($RELAYS)) }

sub _log {
	my ($self, @words) = @_;
	syswrite $self->{out}, "@words\n" or die "log: $!\n";
}

# One change, of any kind. A message's place in ids is what it is found by.
sub _change {
	my ($self) = @_;
	my $ids = $self->{ids};
	my $what = rand;
	my $i = int rand @$ids;
	my $own = @$ids && $ids->[$i]{relay} ne SPAMMER;
	my $n = grep { $_->{relay} ne SPAMMER } @$ids;
	return $self->_make(SPAMMER) if $what < 0.06;
	return $self->_make($self->_relay)
	    if $n < $self->{least} || $n < $self->{most} && $what < 0.45;
	return $self->_lock($ids->[$i]) if $what < 0.50;
	return $own ? $self->_turn($ids->[$i]) : $self->_deliver($i, 1)
	    if $what < 0.70;
	return $own ? $self->_remove($i) : $self->_deliver($i, 0);
}

sub _file {
	my ($self, $message, $kind) = @_;
	return "$self->{dir}/" . (($kind // $message->{kind}) =~ tr/i/q/r) .
	    "f$message->{id}";
}

# A message of any kind; the ones of SPAMMER are queued.
sub _make {
	my ($self, $relay) = @_;
	my $created = time - int rand 3000;
	my $id = queue_id($created, 200_000 + $self->{serial}++);
	my ($tail) = $relay =~ /(\d+)$/;
	my $kind = $relay eq SPAMMER ? 'q' :
	    substr 'qqqqqqqqqqqqqhQit', rand 17, 1;
	my $text = MQ::_control($id, $created, relay =>
	    "h$tail.example [$relay]", sender => 'u' . ($tail % 9) .
	    '@d' . ($tail % 7) . '.example');
	my %message = (id => $id, kind => $kind, relay => $relay,
	    created => $created, text => $text, md5 => md5_hex($text));
	spew("$self->{dir}/df$id", "body of $id\n");
	utime $created, $created, "$self->{dir}/df$id";
	$self->_log('+', $id, $kind, $relay, $message{md5}, $created);
	$self->_write(\%message);
	push @{$self->{ids}}, \%message;
}

# Writes the control file as queueup() does: a tf, which is renamed.
sub _write {
	my ($self, $message) = @_;
	my $kind = $message->{kind};
	my $tf = "$self->{dir}/tf$message->{id}";
	my $text = $message->{text};
	$text = substr $text, 0, int rand index($text, '$_') if $kind eq 'i';
	spew($tf, $text);
	return if $kind eq 't';
	rename $tf, $self->_file($message) or die "$tf: $!\n";
}

# Makes another kind of it, or the same anew.
sub _turn {
	my ($self, $message) = @_;
	my $old = $message->{kind};
	$message->{kind} = substr 'qqqqqhQit', rand 9, 1;
	$self->_log('=', @$message{qw(id kind relay md5 created)});
	my ($from, $to) = map { $self->_file($message, $_) } $old,
	    $message->{kind};
	if ("$old$message->{kind}" =~ /^[qhQ]{2}$/ && $from ne $to) {
		rename $from, $to or die "$from: $!\n";
		return;
	}
	unlink $from if $from ne $to;
	$self->_write($message);
}

sub _remove {
	my ($self, $i) = @_;
	my ($message) = splice @{$self->{ids}}, $i, 1;
	$self->_log('-', $message->{id});
	unlink $self->_file($message) or die "$message->{id}: $!\n";
	unlink "$self->{dir}/df$message->{id}" or die;
}

# What a queue run does: locks, sees that it is the same file, and delivers
# it or writes it anew. One that qflush has is not there, or locked.
sub _deliver {
	my ($self, $i, $again) = @_;
	my $message = $self->{ids}[$i];
	my $qf = $self->_file($message);
	my $lock = eval { lock_flock($qf) };
	my @locked = $lock ? stat $lock : ();
	my @named = stat $qf;
	# Deleted, perhaps, or held: some day it is forgotten here.
	splice @{$self->{ids}}, $i, 1 if !@named && rand() < 0.3;
	return if !@locked || !@named || "@locked[0, 1]" ne "@named[0, 1]";
	if ($again) {
		$self->_log('=', @$message{qw(id kind relay md5 created)});
		# The new one is locked before it has the name.
		spew("$self->{dir}/tf$message->{id}", $message->{text});
		my $new = lock_flock("$self->{dir}/tf$message->{id}");
		rename "$self->{dir}/tf$message->{id}", $qf or die "$qf: $!\n";
		return;
	}
	$self->_log('-', $message->{id});
	unlink "$self->{dir}/df$message->{id}", $qf;
	splice @{$self->{ids}}, $i, 1;
}

# Holds a lock for a while, as a delivery that takes its time.
sub _lock {
	my ($self, $message) = @_;
	my $lock = eval { lock_flock($self->_file($message)) } or return;
	push @{$self->{locked}}, $lock;
	shift @{$self->{locked}} if @{$self->{locked}} > $LOCKS;
}

1;
